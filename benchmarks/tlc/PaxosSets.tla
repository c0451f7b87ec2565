----------------------------- MODULE PaxosSets -----------------------------
(* The state machine of models/paxos/paxos_sets.py: single-decree Paxos over the *)
(* set of messages ever sent, one variable for each type of message.       *)
EXTENDS Integers, FiniteSets, TLC

CONSTANTS Acceptor, Value, Ballots, None

Ballot == 0 .. Ballots - 1
Quorum == {Q \in SUBSET Acceptor : Cardinality(Q) = Cardinality(Acceptor) \div 2 + 1}

VARIABLES maxBal, maxVBal, maxVal, prepares, promises, accepts, votes

vars == <<maxBal, maxVBal, maxVal, prepares, promises, accepts, votes>>

Init ==
    /\ maxBal = [a \in Acceptor |-> -1]
    /\ maxVBal = [a \in Acceptor |-> -1]
    /\ maxVal = [a \in Acceptor |-> None]
    /\ prepares = {}
    /\ promises = {}
    /\ accepts = {}
    /\ votes = {}

Phase1a(b) ==
    /\ prepares' = prepares \cup {b}
    /\ UNCHANGED <<maxBal, maxVBal, maxVal, promises, accepts, votes>>

Phase1b(a, b) ==
    /\ b > maxBal[a]
    /\ maxBal' = [maxBal EXCEPT ![a] = b]
    /\ promises' = promises \cup {[acc |-> a, bal |-> b, mbal |-> maxVBal[a], mval |-> maxVal[a]]}
    /\ UNCHANGED <<maxVBal, maxVal, prepares, accepts, votes>>

Told(b, Q) == {m \in promises : m.bal = b /\ m.acc \in Q}

\* With no vote told any value will do; else the value of the latest, whose every teller is a step of its own.
Allows(told, v) ==
    LET cast == {m \in told : m.mbal >= 0}
    IN \/ cast = {}
       \/ \E m \in cast : m.mval = v /\ \A n \in cast : m.mbal >= n.mbal

Phase2a(b, v, Q) ==
    /\ \A m \in accepts : m.bal # b
    /\ LET told == Told(b, Q)
       IN /\ {m.acc : m \in told} = Q
          /\ Allows(told, v)
    /\ accepts' = accepts \cup {[bal |-> b, val |-> v]}
    /\ UNCHANGED <<maxBal, maxVBal, maxVal, prepares, promises, votes>>

Phase2b(a, m) ==
    /\ m.bal >= maxBal[a]
    /\ maxBal' = [maxBal EXCEPT ![a] = m.bal]
    /\ maxVBal' = [maxVBal EXCEPT ![a] = m.bal]
    /\ maxVal' = [maxVal EXCEPT ![a] = m.val]
    /\ votes' = votes \cup {[acc |-> a, bal |-> m.bal, val |-> m.val]}
    /\ UNCHANGED <<prepares, promises, accepts>>

Next ==
    \/ \E b \in Ballot : Phase1a(b)
    \/ \E a \in Acceptor : \E b \in prepares : Phase1b(a, b)
    \/ \E b \in Ballot : \E v \in Value : \E Q \in Quorum : Phase2a(b, v, Q)
    \/ \E a \in Acceptor : \E m \in accepts : Phase2b(a, m)

Spec == Init /\ [][Next]_vars

----------------------------------------------------------------------------

Majority(some) == 2 * Cardinality(some) > Cardinality(Acceptor)
Voters(b, v) == {m.acc : m \in {n \in votes : n.bal = b /\ n.val = v}}
Chosen == {m.val : m \in {n \in votes : Majority(Voters(n.bal, n.val))}}

Agreement == Cardinality(Chosen) <= 1

LastVotesAreVotes ==
    \A a \in Acceptor :
        /\ maxVBal[a] <= maxBal[a]
        /\ IF maxVBal[a] = -1
           THEN maxVal[a] = None
           ELSE [acc |-> a, bal |-> maxVBal[a], val |-> maxVal[a]] \in votes

PromisesAreKept ==
    \A m \in promises :
        /\ m.bal <= maxBal[m.acc]
        /\ m.mbal = -1 \/ [acc |-> m.acc, bal |-> m.mbal, val |-> m.mval] \in votes

OneProposalInABallot == \A m, n \in accepts : m.bal = n.bal => m.val = n.val

LastVoteBelow(a, b) ==
    LET cast == {-1} \cup {m.bal : m \in {n \in votes : n.acc = a /\ n.bal < b}}
    IN CHOOSE c \in cast : \A d \in cast : c >= d

\* Some quorum has joined ballot m.bal, and none of it voted for another value in ballot c or between it and m.bal.
ShowsSafe(m) ==
    LET joined == {a \in Acceptor : maxBal[a] >= m.bal}
    IN \E c \in -1 .. m.bal - 1 :
        LET silent == {a \in joined : LastVoteBelow(a, m.bal) <= c}
        IN Majority(silent) /\ (c = -1 \/ Voters(c, m.val) \cap silent # {})

ProposalsAreSafe == \A m \in accepts : ShowsSafe(m)

VotesWereProposed ==
    \A m \in votes : [bal |-> m.bal, val |-> m.val] \in accepts /\ m.bal <= maxVBal[m.acc]

Symmetry == Permutations(Acceptor) \cup Permutations(Value)
=============================================================================
