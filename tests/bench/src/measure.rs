//! How a time is measured: short batches of all cases of a group in turn, so that what slows the machine slows them alike.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

/// How long a batch of calls takes, about.
const BATCH: Duration = Duration::from_millis(1);

/// The most rounds of a group, and the fewest, whatever its time.
const MOST_ROUNDS: usize = 301;
const LEAST_ROUNDS: usize = 15;

/// What a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A primitive alone.
    Raw,
    /// This workspace.
    Ours,
    /// Another implementation of JOSE.
    Peer,
}

/// Cases that do the same work. The first is the one that the others are compared with.
pub struct Group {
    name: String,
    cases: Vec<Case>,
}

struct Case {
    kind: Kind,
    by: &'static str,
    /// In one call.
    operations: u32,
    /// Calls it so many times.
    run: Box<dyn FnMut(u32)>,
}

/// What was measured of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub group: String,
    pub kind: Kind,
    pub by: String,
    /// Per operation, in the fastest batch.
    pub nanoseconds: f64,
    /// The median over the rounds of the time over that of the first case in the same round; of several runs, their median.
    pub ratio: f64,
    /// Of one operation, by its thread and through Rust's allocator: what C allocates is not seen.
    pub allocations: u64,
}

impl Group {
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), cases: Vec::new() }
    }

    /// Adds a case of one operation.
    #[must_use]
    pub fn case<T>(self, kind: Kind, by: &'static str, op: impl FnMut() -> T + 'static) -> Self {
        self.case_of(1, kind, by, op)
    }

    /// Adds a case whose call is so many operations.
    #[must_use]
    pub fn case_of<T>(
        mut self,
        operations: u32,
        kind: Kind,
        by: &'static str,
        mut op: impl FnMut() -> T + 'static,
    ) -> Self {
        let run = Box::new(move |calls| {
            for _ in 0..calls {
                black_box(op());
            }
        });
        self.cases.push(Case { kind, by, operations, run });
        self
    }

    /// Whether anything but this workspace and the first case is in it.
    #[must_use]
    pub fn has_others(&self) -> bool {
        self.cases.iter().skip(1).any(|case| case.kind != Kind::Ours)
    }

    /// Measures all cases, for about so long.
    #[must_use]
    pub fn measure(mut self, limit: Duration) -> Vec<Row> {
        let calls: Vec<u32> = self.cases.iter_mut().map(Case::calls_per_batch).collect();
        let allocations: Vec<u64> = self.cases.iter_mut().map(Case::allocations).collect();
        let mut times = vec![Vec::new(); self.cases.len()];
        let started = Instant::now();
        for round in 0..MOST_ROUNDS {
            if round >= LEAST_ROUNDS && started.elapsed() > limit {
                break;
            }
            let mut order: Vec<usize> = (0..self.cases.len()).collect();
            if round % 2 == 1 {
                order.reverse();
            }
            for index in order {
                times[index].push(self.cases[index].time(calls[index]));
            }
        }
        let row = |(index, case): (usize, &Case)| Row {
            group: self.name.clone(),
            kind: case.kind,
            by: case.by.into(),
            nanoseconds: least(&times[index]),
            ratio: median_ratio(&times[index], &times[0]),
            allocations: allocations[index],
        };
        self.cases.iter().enumerate().map(row).collect()
    }
}

impl Case {
    fn run(&mut self, calls: u32) -> Duration {
        let started = Instant::now();
        (self.run)(calls);
        started.elapsed()
    }

    /// The nanoseconds of one operation in a batch.
    fn time(&mut self, calls: u32) -> f64 {
        self.run(calls).as_secs_f64() * 1e9 / (f64::from(calls) * f64::from(self.operations))
    }

    /// How many calls make a batch. It warms up what is called, too. A batch that something interrupted must not pass for a
    /// long one: of few calls, the first ones weigh too much.
    fn calls_per_batch(&mut self) -> u32 {
        self.run(1);
        let mut calls = 1;
        loop {
            let time = (0..5).map(|_| self.run(calls)).min().unwrap_or(BATCH);
            if time > BATCH / 4 {
                let whole = f64::from(calls) * BATCH.as_secs_f64() / time.as_secs_f64();
                return (whole.round() as u32).max(1);
            }
            calls *= 2;
        }
    }

    fn allocations(&mut self) -> u64 {
        let count = allocation_counter::measure(|| (self.run)(1)).count_total;
        count / u64::from(self.operations)
    }
}

/// The least of the times; not a number if there are none.
#[must_use]
pub fn least(times: &[f64]) -> f64 {
    times.iter().copied().fold(f64::NAN, f64::min)
}

/// The median of the ratios of times of the same round; not a number if there are none.
#[must_use]
pub fn median_ratio(times: &[f64], first: &[f64]) -> f64 {
    median(times.iter().zip(first).map(|(time, first)| time / first).collect())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.len() % 2, values.get(middle)) {
        (_, None) => f64::NAN,
        (1, Some(median)) => *median,
        (_, Some(upper)) => f64::midpoint(values[middle - 1], *upper),
    }
}

/// The rows of several runs of one program as those of one: the least times, and the medians of the ratios.
#[must_use]
pub fn of_runs(runs: &[Vec<Row>]) -> Vec<Row> {
    let of_all = |row: &Row| {
        let is_it = |other: &&Row| other.group == row.group && other.by == row.by;
        let same: Vec<&Row> = runs.iter().filter_map(|rows| rows.iter().find(is_it)).collect();
        let times: Vec<f64> = same.iter().map(|row| row.nanoseconds).collect();
        let ratio = median(same.iter().map(|row| row.ratio).collect());
        Row { nanoseconds: least(&times), ratio, ..row.clone() }
    };
    runs.first().into_iter().flatten().map(of_all).collect()
}

#[cfg(test)]
mod tests {
    use super::{Group, Kind, Row, least, median_ratio, of_runs};
    use std::time::Duration;

    #[test]
    fn the_least_time_is_that_of_the_fastest_batch() {
        assert_eq!(least(&[7.0, 3.5, 4.0, 900.0]), 3.5);
        assert!(least(&[]).is_nan());
    }

    /// A round in which the machine was slow changes nothing: both cases were slow in it.
    #[test]
    fn ratios_are_those_of_a_round() {
        let (times, first) = ([20.0, 600.0, 30.0], [10.0, 300.0, 10.0]);
        assert_eq!(median_ratio(&times, &first), 2.0);
        assert_eq!(median_ratio(&first, &first), 1.0);
        // Of an even number, between the two in the middle: 1, 2, 3 and 8.
        assert_eq!(median_ratio(&[8.0, 2.0, 4.0, 12.0], &[1.0, 2.0, 2.0, 4.0]), 2.5);
        assert!(median_ratio(&[], &[]).is_nan());
    }

    #[test]
    fn runs_become_one() {
        let row = |by: &str, nanoseconds, ratio| {
            let (group, by) = ("group".to_owned(), by.to_owned());
            Row { group, kind: Kind::Ours, by, nanoseconds, ratio, allocations: 2 }
        };
        let runs = [
            vec![row("raw", 9.0, 1.0), row("ours", 30.0, 1.5)],
            vec![row("raw", 8.0, 1.0), row("ours", 90.0, 1.75)],
            vec![row("raw", 10.0, 1.0), row("ours", 40.0, 7.5)],
        ];
        assert_eq!(of_runs(&runs), [row("raw", 8.0, 1.0), row("ours", 30.0, 1.75)]);
        assert_eq!(of_runs(&runs[..1]), runs[0]);
        assert_eq!(of_runs(&[]), []);
    }

    /// Allocations do not depend on how fast the machine is.
    #[test]
    fn a_group_has_a_row_for_each_case() {
        let group = Group::new("group")
            .case(Kind::Raw, "none", || 1)
            .case(Kind::Ours, "two", || (Box::new(1), Box::new(2)))
            .case_of(4, Kind::Peer, "one in each of four", || [1, 2, 3, 4].map(Box::new));
        let rows = group.measure(Duration::ZERO);
        let seen: Vec<_> = rows.iter().map(|row| (row.kind, row.by.as_str(), row.allocations)).collect();
        assert_eq!(
            seen,
            [(Kind::Raw, "none", 0), (Kind::Ours, "two", 2), (Kind::Peer, "one in each of four", 1)]
        );
        assert!(rows.iter().all(|row| row.group == "group" && row.nanoseconds > 0.0 && row.ratio > 0.0));
        assert_eq!(rows[0].ratio, 1.0);
    }
}
