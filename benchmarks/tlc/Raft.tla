-------------------------------- MODULE Raft --------------------------------
(* The state machine of models/raft/raft.py, handler by handler. A server is one *)
(* record, as in the model, so that what a handler does is a function from  *)
(* record to record. The network holds equal messages once, hence a set. A  *)
(* step that would leave a bound is no step.                                *)
EXTENDS Integers, FiniteSets, Sequences, TLC

CONSTANTS Server, Value, Terms, Entries, Requests, Messages, Crashes, Duplicates, None

VARIABLES
    servers,      \* what each server knows
    network,      \* the messages under way
    duplicates,   \* the deliveries left that may keep their copy
    crashes,      \* the crashes left
    requested,    \* history: how many requests clients made
    led,          \* history: who led which term
    committed     \* history: what was first committed at an index, and in which term

vars == <<servers, network, duplicates, crashes, requested, led, committed>>

Nowhere == [j \in Server |-> 1]
Nothing == [j \in Server |-> 0]

Init ==
    /\ servers = [i \in Server |->
           [term |-> 0, votedFor |-> None, log |-> <<>>, role |-> "follower", commit |-> 0,
            votes |-> {}, next |-> Nowhere, match |-> Nothing]]
    /\ network = {}
    /\ duplicates = Duplicates
    /\ crashes = Crashes
    /\ requested = 0
    /\ led = {}
    /\ committed = {}

----------------------------------------------------------------------------
(* What a server is asked for *)

Min(a, b) == IF a < b THEN a ELSE b
Max(a, b) == IF a > b THEN a ELSE b
Take(log, n) == SubSeq(log, 1, Min(n, Len(log)))
IsQuorum(some) == 2 * Cardinality(some) > Cardinality(Server)
TermAt(s, n) == IF n > 0 THEN s.log[n].term ELSE 0
LastTerm(s) == TermAt(s, Len(s.log))

----------------------------------------------------------------------------
(* What a handler does to a server s; i is its name *)

Follow(s) == [s EXCEPT !.role = "follower", !.votes = {}, !.next = Nowhere, !.match = Nothing]

Observe(s, term) ==
    IF term > s.term THEN Follow([s EXCEPT !.term = term, !.votedFor = None]) ELSE s

Lead(s) ==
    [s EXCEPT !.role = "leader", !.votes = {}, !.next = [j \in Server |-> Len(s.log) + 1]]

CountVotes(s) == IF IsQuorum(s.votes) THEN Lead(s) ELSE s

IsReplicated(s, i, n) ==
    TermAt(s, n) = s.term /\ IsQuorum({j \in Server \ {i} : s.match[j] >= n} \cup {i})

AdvanceCommit(s, i) ==
    LET held == {n \in s.commit + 1 .. Len(s.log) : IsReplicated(s, i, n)}
    IN IF held = {} THEN s ELSE [s EXCEPT !.commit = CHOOSE n \in held : \A k \in held : n >= k]

Acknowledge(s, from, match) ==
    LET known == Max(s.match[from], match)
    IN [s EXCEPT !.match[from] = known, !.next[from] = Max(s.next[from], known + 1)]

BackUp(s, from) ==
    [s EXCEPT !.next[from] = Max(s.match[from] + 1, s.next[from] - 1)]

RecogniseLeader(s) ==
    IF Assert(s.role # "leader", "two leaders in one term") /\ s.role = "candidate" THEN Follow(s) ELSE s

Has(s, n, entry) == n <= Len(s.log) /\ s.log[n].term = entry.term

Merge(s, m) ==
    IF \A k \in 1 .. Len(m.entries) : Has(s, m.previous + k, m.entries[k])
    THEN s
    ELSE [s EXCEPT !.log = SubSeq(s.log, 1, m.previous) \o m.entries]

FollowCommit(s, m) ==
    [s EXCEPT !.commit = Max(s.commit, Min(m.commit, m.previous + Len(m.entries)))]

Agrees(s, m) == m.previous <= Len(s.log) /\ TermAt(s, m.previous) = m.previousTerm

----------------------------------------------------------------------------
(* Steps *)

\* Only one server changes in a step, so only that one adds to history.
Remember(i, s) ==
    /\ requested' = requested +
           (IF s.role = "leader" THEN Max(0, Len(s.log) - Len(servers[i].log)) ELSE 0)
    /\ requested' <= Requests
    /\ led' = IF s.role = "leader" THEN led \cup {<<s.term, i>>} ELSE led
    /\ committed' = committed \cup
           {[index |-> n, entry |-> s.log[n], term |-> s.term] :
                n \in {k \in 1 .. s.commit : \A c \in committed : c.index # k}}

\* Server i becomes s and sends; `rest` is what else is under way.
Become(i, s, sent, rest) ==
    /\ s.term <= Terms
    /\ Len(s.log) <= Entries
    /\ Cardinality(rest \cup sent) <= Messages
    /\ servers' = [servers EXCEPT ![i] = s]
    /\ network' = rest \cup sent
    /\ Remember(i, s)

Act(i, s, sent) == Become(i, s, sent, network) /\ UNCHANGED <<duplicates, crashes>>

Timeout(i) ==
    /\ servers[i].role # "leader"
    /\ LET s == [servers[i] EXCEPT !.term = @ + 1, !.role = "candidate", !.votedFor = i, !.votes = {i}]
       IN Act(i, CountVotes(s),
              {[type |-> "RequestVote", source |-> i, target |-> j, term |-> s.term,
                lastIndex |-> Len(s.log), lastTerm |-> LastTerm(s)] : j \in Server \ {i}})

ClientRequest(i, v) ==
    LET s == servers[i]
    IN /\ s.role = "leader"
       /\ Act(i, AdvanceCommit([s EXCEPT !.log = Append(@, [term |-> s.term, value |-> v])], i), {})

SendEntries(i, j, count) ==
    LET s == servers[i]
        previous == s.next[j] - 1
    IN Act(i, s, {[type |-> "AppendEntries", source |-> i, target |-> j, term |-> s.term,
                   previous |-> previous, previousTerm |-> TermAt(s, previous),
                   entries |-> SubSeq(s.log, previous + 1, Min(previous + count, Len(s.log))),
                   commit |-> s.commit]})

Replicate(i, j) ==
    /\ servers[i].role = "leader" /\ i # j
    /\ servers[i].next[j] <= Len(servers[i].log)
    /\ SendEntries(i, j, 1)

Heartbeat(i, j) ==
    /\ servers[i].role = "leader" /\ i # j
    /\ SendEntries(i, j, 0)

OnRequestVote(m, rest) ==
    LET i == m.target
        s == Observe(servers[i], m.term)
        upToDate == \/ m.lastTerm > LastTerm(s)
                    \/ m.lastTerm = LastTerm(s) /\ m.lastIndex >= Len(s.log)
        granted == s.votedFor \in {None, m.source} /\ upToDate
        reply == [type |-> "Vote", source |-> i, target |-> m.source, term |-> s.term, granted |-> granted]
    IN IF m.term = s.term
       THEN Become(i, IF granted THEN [s EXCEPT !.votedFor = m.source] ELSE s, {reply}, rest)
       ELSE Become(i, s, {}, rest)

OnVote(m, rest) ==
    LET i == m.target
        s == Observe(servers[i], m.term)
    IN IF s.role = "candidate" /\ m.term = s.term /\ m.granted
       THEN Become(i, CountVotes([s EXCEPT !.votes = @ \cup {m.source}]), {}, rest)
       ELSE Become(i, s, {}, rest)

OnAppendEntries(m, rest) ==
    LET i == m.target
        s == Observe(servers[i], m.term)
        reply(success, match) ==
            {[type |-> "AppendReply", source |-> i, target |-> m.source, term |-> s.term,
              success |-> success, match |-> match]}
    IN IF m.term < s.term
       THEN Become(i, s, reply(FALSE, 0), rest)
       ELSE LET f == RecogniseLeader(s)
            IN IF Agrees(f, m)
               THEN Become(i, FollowCommit(Merge(f, m), m), reply(TRUE, m.previous + Len(m.entries)), rest)
               ELSE Become(i, f, reply(FALSE, 0), rest)

OnAppendReply(m, rest) ==
    LET i == m.target
        s == Observe(servers[i], m.term)
    IN IF s.role = "leader" /\ m.term = s.term
       THEN Become(i, IF m.success THEN AdvanceCommit(Acknowledge(s, m.source, m.match), i)
                                   ELSE BackUp(s, m.source), {}, rest)
       ELSE Become(i, s, {}, rest)

Receive(m, rest) ==
    CASE m.type = "RequestVote" -> OnRequestVote(m, rest)
      [] m.type = "Vote" -> OnVote(m, rest)
      [] m.type = "AppendEntries" -> OnAppendEntries(m, rest)
      [] m.type = "AppendReply" -> OnAppendReply(m, rest)

Deliver(m) == Receive(m, network \ {m}) /\ UNCHANGED <<duplicates, crashes>>

DeliverAndKeep(m) ==
    /\ duplicates > 0
    /\ duplicates' = duplicates - 1
    /\ Receive(m, network)
    /\ UNCHANGED crashes

Crash(i) ==
    /\ crashes > 0
    /\ crashes' = crashes - 1
    /\ Become(i, Follow([servers[i] EXCEPT !.commit = 0]), {}, network)
    /\ UNCHANGED duplicates

Next ==
    \/ \E i \in Server : Timeout(i)
    \/ \E i \in Server, v \in Value : ClientRequest(i, v)
    \/ \E i, j \in Server : Replicate(i, j) \/ Heartbeat(i, j)
    \/ \E m \in network : Deliver(m) \/ DeliverAndKeep(m)
    \/ \E i \in Server : Crash(i)

Spec == Init /\ [][Next]_vars

----------------------------------------------------------------------------
(* Invariants, named as in invariants/ *)

Leaders == {i \in Server : servers[i].role = "leader"}
Both(i, j) == 1 .. Min(Len(servers[i].log), Len(servers[j].log))
Committed(i) == Take(servers[i].log, servers[i].commit)

SingleLeaderPerEpoch == \A i, j \in Leaders : servers[i].term = servers[j].term => i = j

SingleLeaderPerEpochEver == \A one, other \in led : one[1] = other[1] => one = other

LogMatching ==
    \A i, j \in Server : \A n \in Both(i, j) :
        servers[i].log[n].term = servers[j].log[n].term => Take(servers[i].log, n) = Take(servers[j].log, n)

LogTerms ==
    \A i \in Server : LET log == servers[i].log IN
        /\ \A n \in 2 .. Len(log) : log[n - 1].term <= log[n].term
        /\ \A n \in 1 .. Len(log) : log[n].term <= servers[i].term

LeaderCompleteness ==
    \A i \in Leaders : \A c \in committed :
        servers[i].term > c.term => c.index <= Len(servers[i].log) /\ servers[i].log[c.index] = c.entry

StateMachineSafety ==
    \A i \in Server : \A c \in committed : c.index <= Len(Committed(i)) => servers[i].log[c.index] = c.entry

CommittedPrefixAgreement ==
    \A i, j \in Server :
        \A n \in 1 .. Min(Len(Committed(i)), Len(Committed(j))) : servers[i].log[n] = servers[j].log[n]

MatchSound ==
    \A i \in Leaders : \A j \in Server \ {i} :
        servers[j].term <= servers[i].term =>
            Take(servers[j].log, servers[i].match[j]) = Take(servers[i].log, servers[i].match[j])

----------------------------------------------------------------------------
(* Step invariants; a primed server is the one after the step *)

StillLeads(i) ==
    /\ servers[i].role = "leader"
    /\ servers'[i].role = "leader"
    /\ servers[i].term = servers'[i].term

LeaderAppendOnly ==
    [][\A i \in Server : StillLeads(i) => Take(servers'[i].log, Len(servers[i].log)) = servers[i].log]_vars

CommittedLogAppendOnly ==
    [][\A i \in Server : Take(servers'[i].log, servers[i].commit) = Take(servers[i].log, servers[i].commit)]_vars

CommitMonotonic ==
    [][crashes' = crashes => \A i \in Server : servers'[i].commit >= servers[i].commit]_vars

MatchMonotonic ==
    [][\A i \in Server : StillLeads(i) =>
        \A j \in Server : servers'[i].match[j] >= servers[i].match[j]]_vars

EpochMonotonic == [][\A i \in Server : servers'[i].term >= servers[i].term]_vars

VoteOnce ==
    [][\A i \in Server : servers[i].votedFor # None /\ servers'[i].term = servers[i].term
        => servers'[i].votedFor = servers[i].votedFor]_vars

Symmetry == Permutations(Server) \cup Permutations(Value)
=============================================================================
