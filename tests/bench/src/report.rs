//! All rows with their targets, for people and for programs.

use std::{
    env,
    fmt::Write as _,
    fs,
    time::{SystemTime, UNIX_EPOCH},
};

use jose_bench::{
    measure::Row,
    targets::{Verdict, targets},
};
use serde::Serialize;
use xtask::Result;

/// What one run of the command measured.
#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) date: String,
    pub(crate) processor: String,
    rows: Vec<Judged>,
}

#[derive(Serialize)]
pub(crate) struct Judged {
    /// Rows of different processes do not compare.
    process: usize,
    #[serde(flatten)]
    pub(crate) row: Row,
    pub(crate) targets: Vec<Verdict>,
}

impl Report {
    pub(crate) fn new(processes: Vec<Vec<Row>>) -> Result<Self> {
        let targets = targets();
        let judge = |process: usize, row: &Row| {
            // A verdict stands once, in the first process that has the row.
            let is_of =
                |rows: &Vec<Row>| rows.iter().any(|other| other.group == row.group && other.by == row.by);
            let is_first = processes.iter().position(is_of) == Some(process);
            let own =
                targets.iter().filter(|target| is_first && target.group == row.group && target.by == row.by);
            let targets = own.map(|target| target.judge(&processes)).collect();
            Judged { process, row: row.clone(), targets }
        };
        let rows = processes.iter().enumerate();
        let rows = rows.flat_map(|(process, rows)| rows.iter().map(move |row| (process, row)));
        let rows = rows.map(|(process, row)| judge(process, row)).collect();
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        Ok(Self { date: date(now / 86_400), processor: processor(), rows })
    }

    /// The rows of each process.
    pub(crate) fn processes(&self) -> impl Iterator<Item = &[Judged]> {
        self.rows.chunk_by(|one, other| one.process == other.process)
    }

    /// A line for each row, and how many targets are met.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("{}, {}\n", self.date, self.processor);
        for group in self
            .rows
            .chunk_by(|one, other| (one.process, &one.row.group) == (other.process, &other.row.group))
        {
            let Some(Judged { process, row: Row { group: name, .. }, .. }) = group.first() else { continue };
            let beside =
                if *process == 0 { String::new() } else { format!(" (beside peers, process {process})") };
            let _ = writeln!(text, "\n{name}{beside}");
            for judged in group {
                text += &line(judged);
            }
        }
        let verdicts = || self.rows.iter().flat_map(|judged| &judged.targets);
        let count = |pass| verdicts().filter(|verdict| verdict.pass == pass).count();
        let (met, missed, open) = (count(Some(true)), count(Some(false)), count(None));
        let _ =
            writeln!(text, "\n{met} targets met, {missed} missed, {open} not judged (--peers judges them)");
        text
    }
}

fn line(Judged { row, targets, .. }: &Judged) -> String {
    let time = time(row.nanoseconds);
    let mut line =
        format!("  {:<28} {time:>10} {:>7.3} {:>5} allocations", row.by, row.ratio, row.allocations);
    for Verdict { than, most, measured, pass, .. } in targets {
        let (most, than) = (figure(*most), than.name());
        let verdict = match pass {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "not judged",
        };
        let measured = measured.map_or_else(String::new, |value| format!(": {}", figure(value)));
        let _ = write!(line, "; ≤ {most} of {than}{measured}, {verdict}");
    }
    line + "\n"
}

pub(crate) fn figure(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// With three significant digits.
pub(crate) fn time(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        0.0..1e3 => (nanoseconds, "ns"),
        1e3..1e6 => (nanoseconds / 1e3, "µs"),
        _ => (nanoseconds / 1e6, "ms"),
    };
    let digits = match value {
        0.0..9.995 => 2,
        9.995..99.95 => 1,
        _ => 0,
    };
    format!("{value:.digits$} {unit}")
}

/// Of the days since 1970, in the Gregorian calendar.
fn date(mut days: u64) -> String {
    let is_leap =
        |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let mut month = 1;
    for len in [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if days < len {
            break;
        }
        days -= len;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", days + 1)
}

/// As Linux names it; elsewhere its architecture.
fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    name.map_or(env::consts::ARCH, |(_, name)| name.trim()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Report, date, time};
    use jose_bench::measure::{Kind, Row};

    #[test]
    fn dates() {
        let dates = [0, 58, 59, 789, 790, 11_016, 19_722, 19_723, 20_784].map(date);
        let expected = [
            "1970-01-01",
            "1970-02-28",
            "1970-03-01",
            "1972-02-29",
            "1972-03-01",
            "2000-02-29",
            "2023-12-31",
            "2024-01-01",
            "2026-11-27",
        ];
        assert_eq!(dates, expected);
    }

    #[test]
    fn times() {
        assert_eq!(
            [1.234, 460.4, 1_334.0, 65_800.0, 2_358_000.0].map(time),
            ["1.23 ns", "460 ns", "1.33 µs", "65.8 µs", "2.36 ms"]
        );
    }

    /// A target of the real list, with figures made up for it.
    #[test]
    fn a_report_says_what_is_met() {
        let row = |kind, by: &str, ratio, allocations| Row {
            group: "HS256 sign".into(),
            kind,
            by: by.into(),
            nanoseconds: 500.0 * ratio,
            ratio,
            allocations,
        };
        let own = vec![row(Kind::Raw, "RustCrypto", 1.0, 0), row(Kind::Ours, "jose-jwt", 2.5, 2)];
        let report = Report::new(vec![own.clone()]).unwrap();
        let text = report.text();
        assert!(
            text.contains(
                "≤ 2.4 of first row: 2.5, MISSED; ≤ 0.85 of best peer, not judged; ≤ 2 of allocations: 2, met"
            ),
            "{text}"
        );
        assert!(text.ends_with("\n1 targets met, 1 missed, 1 not judged (--peers judges them)\n"), "{text}");
        let beside = [own.clone(), vec![row(Kind::Peer, "jsonwebtoken", 3.125, 11)]].concat();
        let report = Report::new(vec![own, beside]).unwrap();
        let text = report.text();
        assert!(text.contains("≤ 0.85 of best peer: 0.8, met"), "{text}");
        assert!(text.ends_with("\n2 targets met, 1 missed, 0 not judged (--peers judges them)\n"), "{text}");
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["rows"][1]["targets"][1]["pass"], true);
        assert_eq!(json["rows"][3]["targets"].as_array().unwrap().len(), 0);
    }
}
