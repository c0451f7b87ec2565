//! Explores one of the state machines and prints what it took, as one line of JSON.
//!
//!     quorate-peers two_phase_commit THREADS MANAGERS
//!     quorate-peers paxos_sets THREADS ACCEPTORS VALUES BALLOTS

mod paxos_sets;
mod two_phase_commit;

use paxos_sets::PaxosSets;
use stateright::{Checker, Model};
use std::fmt::Debug;
use std::hash::Hash;
use std::time::Instant;
use two_phase_commit::TwoPhaseCommit;

fn explore<M>(model: M, threads: usize)
where
    M: Model + Send + Sync + 'static,
    M::State: Clone + Debug + Hash + PartialEq + Send + Sync,
    M::Action: Clone + Debug + PartialEq + Send + Sync,
{
    let start = Instant::now();
    let checker = model.checker().threads(threads).spawn_bfs().join();
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{{\"holds\": {}, \"distinct\": {}, \"generated\": {}, \"depth\": {}, \"seconds\": {:.3}}}",
        checker.is_done() && checker.discoveries().is_empty(),
        checker.unique_state_count(),
        checker.state_count(),
        checker.max_depth(),
        seconds
    );
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<usize> = arguments[1..]
        .iter()
        .map(|n| n.parse().expect("a number"))
        .collect();
    match (arguments[0].as_str(), &numbers[..]) {
        ("two_phase_commit", &[threads, managers]) => explore(TwoPhaseCommit { managers }, threads),
        ("paxos_sets", &[threads, acceptors, values, ballots]) => {
            explore(
                PaxosSets::new(acceptors as u8, values as u8, ballots as i8),
                threads,
            );
        }
        _ => panic!("no such state machine, or the wrong parameters: {arguments:?}"),
    }
}
