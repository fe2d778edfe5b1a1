//! The table in the README, between two comments.

use std::{fmt::Write as _, fs};

use jose_bench::{
    LARGE, PUBLISHED, SMALL, Subject,
    measure::{Kind, Row},
    targets::{AWS_LC, Verdict},
};
use jose_jwe::JweEnc;
use jose_jwk::JwsAlg;
use xtask::{Result, workspace};

use crate::report::{Judged, Report, figure, time};

const START: &str = "<!-- What `cargo xtask bench --readme` measured. -->\n";
const END: &str = "<!-- The end of what it measured. -->\n";

/// What a reader looks for first.
fn lines() -> Vec<(Subject, &'static str)> {
    let mut lines = Vec::new();
    for (alg, bits) in [
        (JwsAlg::Hs256, 0),
        (JwsAlg::Rs256, 2048),
        (JwsAlg::Ps256, 2048),
        (JwsAlg::Es256, 0),
        (JwsAlg::Es384, 0),
        (JwsAlg::Es512, 0),
        (JwsAlg::Es256K, 0),
        (JwsAlg::EdDsa, 0),
    ] {
        lines.extend([(Subject::Sign(alg, bits), "jose-jwt"), (Subject::Verify(alg, bits), "jose-jwt")]);
        if alg != JwsAlg::Hs256 {
            lines.push((Subject::Verify(alg, bits), "jose-jwt, precomputed"));
        }
    }
    for (enc, len) in [(JweEnc::A256Gcm, SMALL), (JweEnc::A256Gcm, LARGE), (JweEnc::A128CbcHs256, LARGE)] {
        lines.extend([(Subject::Encrypt(enc, len), "jose-jwe"), (Subject::Decrypt(enc, len), "jose-jwe")]);
    }
    lines.extend([(Subject::LargeJws, "jose-jws"), (Subject::Prepare, "jose-jws")]);
    lines
}

pub(crate) fn write(report: &Report) -> Result {
    let root = workspace::root()?;
    let path = root.join("README.md");
    let text = replace(&fs::read_to_string(&path)?, &block(report)?)?;
    fs::write(path, text)?;
    Ok(fs::write(root.join("docs/speed.md"), page(report))?)
}

/// All targets, and why some are missed.
fn page(report: &Report) -> String {
    let mut text = format!(
        "# Speed\n\nWritten by `cargo xtask bench --readme`, not by hand: {}, {}. The README has the times. Here is what was aimed at: the \
         median of the ratios in one process, of three runs the one in the middle, or a number of allocations, and the most that it may be. \"First row\" is RustCrypto's \
         primitive, \"best peer\" the fastest of jsonwebtoken, josekit, biscuit and jwt-simple.\n\n\
         | | by | compared with | at most | measured | |\n| --- | --- | --- | ---: | ---: | --- |\n",
        report.date, report.processor
    );
    let mut causes: Vec<(&str, Vec<String>)> = Vec::new();
    for Judged { row, targets, .. } in report.processes().flatten() {
        for Verdict { than, most, measured, pass, cause } in targets {
            let verdict = match pass {
                Some(true) => "met",
                Some(false) => "**missed**",
                None => "not measured",
            };
            let (name, by, than) = (&row.group, &row.by, than.name());
            let measured = measured.map_or_else(|| "–".into(), figure);
            let _ = writeln!(text, "| {name} | {by} | {than} | {} | {measured} | {verdict} |", figure(*most));
            if *pass == Some(false) {
                let miss = format!("{name} by {by}, beside the {than}");
                match causes.iter_mut().find(|(known, _)| known == cause) {
                    Some((_, misses)) => misses.push(miss),
                    None => causes.push((cause, vec![miss])),
                }
            }
        }
    }
    text += "\n## On what the time is spent where a target is missed\n\n";
    for (cause, misses) in causes {
        let _ = writeln!(text, "- {}: {cause}.", misses.join("; "));
    }
    text
}

/// Puts the block between the comments.
fn replace(text: &str, block: &str) -> Result<String> {
    let (before, rest) = text.split_once(START).ok_or("the README has no place for the table")?;
    let (_, after) = rest.split_once(END).ok_or("the place in the README has no end")?;
    Ok(format!("{before}{START}{block}{END}{after}"))
}

fn block(report: &Report) -> Result<String> {
    let processes: Vec<Vec<&Row>> =
        report.processes().map(|rows| rows.iter().map(|Judged { row, .. }| row).collect()).collect();
    let mut text = format!("\n{}, {}:\n\n", report.date, report.processor);
    text += "| | time | of RustCrypto's | allocations | AWS-LC alone | fastest other library |\n";
    text += "| --- | ---: | ---: | ---: | ---: | ---: |\n";
    for (subject, by) in lines() {
        let name = subject.to_string();
        // Beside the others, if it was measured beside them.
        let of_group = |rows: &[&'_ Row]| rows.iter().filter(|row| row.group == name).count();
        let rows = processes.iter().max_by_key(|rows| of_group(rows)).ok_or("nothing was measured")?;
        let group: Vec<&&Row> = rows.iter().filter(|row| row.group == name).collect();
        let own = group.iter().find(|row| row.by == by).ok_or_else(|| format!("{name} was not measured"))?;
        let compared = |row: &Row| format!("{} ({:.2})", time(row.nanoseconds), row.ratio);
        let aws_lc = group.iter().find(|row| row.by == AWS_LC).map_or("–".into(), |row| compared(row));
        // A backend may be the faster one in a process of its own: ratios compare.
        let peers = processes.iter().flatten().filter(|row| row.group == name && row.kind == Kind::Peer);
        let best = peers.min_by(|one, other| one.ratio.total_cmp(&other.ratio));
        let best = best.map_or("–".into(), |row| format!("{} {}", row.by, compared(row)));
        let note = by.strip_prefix("jose-jwt").unwrap_or_default();
        let _ = writeln!(
            text,
            "| {name}{note} | {} | {:.2} | {} | {aws_lc} | {best} |",
            time(own.nanoseconds),
            own.ratio,
            own.allocations
        );
    }
    let _ = write!(
        text,
        "\nTimes are the least, and the ratios to RustCrypto's primitive, in brackets for the others, medians. The set has \
         {PUBLISHED} P-256 keys.\n\n"
    );
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::{END, START, page, replace};
    use crate::report::Report;
    use jose_bench::measure::{Kind, Row};

    #[test]
    fn only_what_is_between_the_comments_is_replaced() {
        let text = format!("# Title\n{START}old\n{END}end\n");
        assert_eq!(replace(&text, "new\n").unwrap(), format!("# Title\n{START}new\n{END}end\n"));
        assert!(replace("# Title\n", "new\n").is_err());
        assert!(replace(&format!("{START}old\n"), "new\n").is_err());
    }

    /// A row of the real targets, with figures made up for it.
    #[test]
    fn a_miss_has_its_cause() {
        let row = |kind, by: &str, ratio| {
            let (group, by) = ("HS256 sign".to_owned(), by.to_owned());
            Row { group, kind, by, nanoseconds: 500.0, ratio, allocations: 2 }
        };
        let rows = vec![row(Kind::Raw, "RustCrypto", 1.0), row(Kind::Ours, "jose-jwt", 2.5)];
        let text = page(&Report::new(vec![rows]).unwrap());
        assert!(
            text.contains("\n| HS256 sign | jose-jwt | first row | 2.4 | 2.5 | **missed** |\n"),
            "{text}"
        );
        assert!(
            text.contains("\n| HS256 sign | jose-jwt | best peer | 0.85 | – | not measured |\n"),
            "{text}"
        );
        assert!(text.contains("\n| HS256 sign | jose-jwt | allocations | 2 | 2 | met |\n"), "{text}");
        assert_eq!(
            text.matches("\n- HS256 sign by jose-jwt, beside the first row: of the").count(),
            1,
            "{text}"
        );
    }
}
