/* The state machine of models/two_phase_commit.py. -DMANAGERS=8 sets how many resource managers there are.
 *
 * Each process stays at one place of its program, so that a state is what the variables say, as in the model; sets are
 * bits of a byte. The monitor's guards are the negated invariants: it moves, and fails, in a state that violates one. */

#ifndef MANAGERS
#define MANAGERS 3
#endif

#define EVERYBODY ((1 << MANAGERS) - 1)
#define IN(set, rm) ((set >> rm) & 1)
#define ADD(set, rm) set = set | (1 << rm)

#define WORKING 0
#define PREPARED 1
#define COMMITTED 2
#define ABORTED 3

#define OPEN 0

byte status[MANAGERS];
byte decision; /* OPEN, COMMITTED or ABORTED */
byte ready;    /* who is prepared, as the transaction manager knows */
byte prepared; /* the messages of the prepared */
bool commit_sent, abort_sent;
byte committed, aborted; /* how many are; a function of status, for the monitor */

inline become(rm, outcome) {
    committed = committed + (outcome == COMMITTED) - (status[rm] == COMMITTED);
    aborted = aborted + (outcome == ABORTED) - (status[rm] == ABORTED);
    status[rm] = outcome
}

active proctype transaction_manager() {
end:
    do
    :: d_step { decision == OPEN && ready == EVERYBODY -> decision = COMMITTED; commit_sent = true }
    :: d_step { decision == OPEN -> decision = ABORTED; abort_sent = true }
    od
}

/* The transaction manager notes a message of manager rm, or manager rm moves. */
active [MANAGERS] proctype resource_manager() {
end:
    do
    :: d_step { decision == OPEN && IN(prepared, (_pid - 1)) -> ADD(ready, (_pid - 1)) }
    :: d_step { status[_pid - 1] == WORKING -> status[_pid - 1] = PREPARED; ADD(prepared, (_pid - 1)) }
    :: d_step { status[_pid - 1] == WORKING -> become(_pid - 1, ABORTED) }
    :: d_step { commit_sent -> become(_pid - 1, COMMITTED) }
    :: d_step { abort_sent -> become(_pid - 1, ABORTED) }
    od
}

active proctype monitor() {
end:
    atomic {
        (committed > 0 && aborted > 0) || (committed > 0 && prepared != EVERYBODY) -> assert(false)
    }
}
