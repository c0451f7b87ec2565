--------------------------- MODULE TwoPhaseCommit ---------------------------
(* The state machine of models/two_phase_commit.py: a transaction manager   *)
(* asks resource managers to commit; messages stay for ever, in one         *)
(* variable for each type.                                                  *)
EXTENDS FiniteSets, TLC

CONSTANT Manager

VARIABLES local, decision, ready, prepared, orders

vars == <<local, decision, ready, prepared, orders>>

Init ==
    /\ local = [rm \in Manager |-> "working"]
    /\ decision = "open"
    /\ ready = {}
    /\ prepared = {}
    /\ orders = {}

Decide(outcome, order) ==
    /\ decision = "open"
    /\ decision' = outcome
    /\ orders' = orders \cup {order}
    /\ UNCHANGED <<local, ready, prepared>>

Commit == ready = Manager /\ Decide("committed", "commit")

Abort == Decide("aborted", "abort")

OnPrepared(rm) ==
    /\ decision = "open"
    /\ ready' = ready \cup {rm}
    /\ UNCHANGED <<local, decision, prepared, orders>>

Prepare(rm) ==
    /\ local[rm] = "working"
    /\ local' = [local EXCEPT ![rm] = "prepared"]
    /\ prepared' = prepared \cup {rm}
    /\ UNCHANGED <<decision, ready, orders>>

ChooseToAbort(rm) ==
    /\ local[rm] = "working"
    /\ local' = [local EXCEPT ![rm] = "aborted"]
    /\ UNCHANGED <<decision, ready, prepared, orders>>

OnOrder(rm, order, outcome) ==
    /\ order \in orders
    /\ local' = [local EXCEPT ![rm] = outcome]
    /\ UNCHANGED <<decision, ready, prepared, orders>>

Next ==
    \/ Commit
    \/ Abort
    \/ \E rm \in prepared : OnPrepared(rm)
    \/ \E rm \in Manager :
        \/ Prepare(rm)
        \/ ChooseToAbort(rm)
        \/ OnOrder(rm, "commit", "committed")
        \/ OnOrder(rm, "abort", "aborted")

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------

Consistent == \A one, other \in Manager : ~(local[one] = "committed" /\ local[other] = "aborted")

CommitsAreUnanimous == (\E rm \in Manager : local[rm] = "committed") => prepared = Manager

Symmetry == Permutations(Manager)
=============================================================================
