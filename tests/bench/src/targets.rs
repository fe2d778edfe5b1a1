//! What the times should be, at most.

use jose_jwe::JweEnc;
use jose_jwk::JwsAlg;
use serde::{Serialize, Serializer};

use crate::{
    ASYMMETRIC, ENCS, LARGE, SMALL, Subject,
    measure::{Kind, Row},
};

/// How other programs call the primitives of AWS-LC.
pub const AWS_LC: &str = "raw aws-lc-rs";
pub const JWT_SIMPLE: &str = "jwt-simple";
pub const JOSEKIT: &str = "josekit";

/// What a row is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Than {
    /// The first row of its group.
    First,
    /// The fastest of the other implementations of JOSE.
    Peers,
    /// The row of this name.
    Named(&'static str),
    /// Nothing: its allocations are counted.
    Allocations,
}

/// A limit of a row.
#[derive(Clone, Debug)]
pub struct Target {
    pub group: String,
    pub by: &'static str,
    pub than: Than,
    /// The most that the time may be of the other one's, or the most allocations.
    pub most: f64,
    /// On what the time is spent, where the target is missed.
    pub cause: &'static str,
}

/// A target and what was measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    pub than: Than,
    pub most: f64,
    /// Nothing where what it is compared with was not measured.
    pub measured: Option<f64>,
    pub pass: Option<bool>,
    /// On what the time is spent, where the target is missed.
    pub cause: &'static str,
}

impl Serialize for Than {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Than {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "first row",
            Self::Peers => "best peer",
            Self::Named(name) => name,
            Self::Allocations => "allocations",
        }
    }
}

/// The strings among the claims of a token: `iss`, `sub`, `aud`, `jti`, `email` and `scope`.
const STRINGS: f64 = 6.0;

/// All of them.
#[must_use]
pub fn targets() -> Vec<Target> {
    let mut targets = Vec::new();
    let mut target = |subject: Subject, by, than, most| {
        targets.push(Target { group: subject.to_string(), by, than, most, cause: cause(subject, by, than) });
    };
    let (sign, verify) = (Subject::Sign(JwsAlg::Hs256, 0), Subject::Verify(JwsAlg::Hs256, 0));
    target(sign, "jose-jwt", Than::First, 2.4);
    target(sign, "jose-jwt", Than::Peers, 0.85);
    target(sign, "jose-jwt", Than::Allocations, 2.0);
    target(verify, "jose-jwt", Than::First, 4.0);
    target(verify, "jose-jwt", Than::Peers, 0.6);
    target(verify, "jose-jwt", Than::Allocations, STRINGS + 1.0);
    for (alg, bits) in ASYMMETRIC {
        for by in ["jose-jws", "jose-jwt"] {
            target(Subject::Sign(alg, bits), by, Than::First, 1.03);
            target(Subject::Verify(alg, bits), by, Than::First, 1.03);
        }
    }
    for (alg, bits, most) in [
        (JwsAlg::Es256, 0, 0.85),
        (JwsAlg::Es384, 0, 0.8),
        (JwsAlg::Es512, 0, 0.65),
        (JwsAlg::Es256K, 0, 0.15),
        (JwsAlg::EdDsa, 0, 0.85),
        (JwsAlg::Rs256, 2048, 1.6),
        (JwsAlg::Ps256, 2048, 1.6),
        (JwsAlg::Rs256, 3072, 1.6),
        (JwsAlg::Ps256, 3072, 1.6),
    ] {
        target(Subject::Verify(alg, bits), "jose-jws, precomputed", Than::Named(AWS_LC), most);
        if bits != 0 {
            target(Subject::Verify(alg, bits), "jose-jwt, precomputed", Than::Named(JWT_SIMPLE), 1.0);
        }
    }
    target(Subject::Encrypt(JweEnc::A256Gcm, SMALL), "jose-jwe", Than::First, 1.6);
    target(Subject::Decrypt(JweEnc::A256Gcm, SMALL), "jose-jwe", Than::First, 2.2);
    for enc in ENCS {
        for subject in [Subject::Encrypt(enc, LARGE), Subject::Decrypt(enc, LARGE)] {
            target(subject, "jose-jwe", Than::First, 1.35);
            target(subject, "jose-jwe", Than::Named(JOSEKIT), 1.0);
        }
    }
    target(Subject::LargeJws, "jose-jws", Than::First, 1.2);
    target(Subject::Choice(JwsAlg::Hs256), "jose-jws", Than::First, 1.05);
    target(Subject::Choice(JwsAlg::Es256), "jose-jws", Than::First, 1.05);
    // 1.9 times as many verifications in the same time.
    target(Subject::Threads, "jose-jwt, two threads", Than::First, 1.0 / 1.9);
    targets
}

/// On what the time beyond a target is spent, as profiles of instructions and the primitives beside it say.
fn cause(subject: Subject, by: &str, than: Than) -> &'static str {
    match (subject, than) {
        (Subject::Sign(JwsAlg::Hs256, _), Than::Allocations) => {
            "the caller's own claims as serde writes them, all claims, and the token"
        }
        (Subject::Sign(JwsAlg::Hs256, _), _) => {
            "of the instructions beside the hash: a third for base64url and the text of the token, a quarter to \
             look for members of the caller's own claims that are there already, a sixth to write the claims, a \
             sixth for serde, the rest for memory"
        }
        (Subject::Verify(JwsAlg::Hs256, _), _) => {
            "of the instructions beside the hash: nearly half for strict JSON in header and claims, each read \
             once, a quarter for serde and the strings of the claims, a tenth for base64url and the split at the \
             dots, the rest for dates, rules and memory"
        }
        (Subject::Verify(JwsAlg::Rs256 | JwsAlg::Ps256, _), Than::Named(_)) if by.contains("precomputed") => {
            "crypto-bigint multiplies by portable code, where AWS-LC and BoringSSL have assembly with ADX"
        }
        (Subject::Verify(..), Than::Named(AWS_LC)) => {
            "the field arithmetic is portable code, where AWS-LC has assembly; the group operations are fewer than the primitive's"
        }
        (Subject::Verify(JwsAlg::Ed448, _), Than::First) => {
            "`R` and the key are checked for small order and for a second encoding, which the primitive does not do"
        }
        (Subject::Verify(JwsAlg::MlDsa87, _), Than::First) => {
            "the primitive's own code, of which less is inlined here than in the first row: four hundredths more instructions \
             in the same functions; the rest for the header and the claims"
        }
        (Subject::Encrypt(..) | Subject::Decrypt(..), Than::Named(JOSEKIT)) => {
            "the primitives, which OpenSSL has in assembly: of their own time this takes a few hundredths more"
        }
        (Subject::Sign(..) | Subject::Verify(..), Than::First) if by.starts_with("jose-jwt") => {
            "the claims: one to four microseconds to write or to read and check them, whatever the algorithm"
        }
        (Subject::Sign(..) | Subject::Verify(..), Than::First) => {
            "the header, base64url and the copy of the signature"
        }
        (Subject::Encrypt(..) | Subject::Decrypt(..), Than::First) => {
            "header, base64url, random numbers and memory, which do not shrink with the content"
        }
        (Subject::Threads, _) => {
            "the machine: in most processes this row alone takes 0.50 of the time, in some 0.75 from beginning to end, as \
             if its second processor had other work"
        }
        _ => "not found out",
    }
}

impl Target {
    /// Compares within each process (the rows of one are a slice) and takes the worst; the rows of the first process that has
    /// them where the primitive is what it is compared with.
    #[must_use]
    pub fn judge(&self, processes: &[Vec<Row>]) -> Verdict {
        let mut measured = processes.iter().filter_map(|rows| self.compare(rows));
        let measured = match self.than {
            Than::First | Than::Allocations => measured.next(),
            Than::Peers | Than::Named(_) => measured.reduce(f64::max),
        };
        let pass = measured.map(|value| value <= self.most);
        Verdict { than: self.than, most: self.most, measured, pass, cause: self.cause }
    }

    fn compare(&self, rows: &[Row]) -> Option<f64> {
        let group = || rows.iter().filter(|row| row.group == self.group);
        let own = group().find(|row| row.by == self.by)?;
        let other = match self.than {
            Than::Allocations => return Some(own.allocations as f64),
            Than::First => return Some(own.ratio),
            Than::Named(name) => group().find(|row| row.by == name)?.ratio,
            Than::Peers => {
                group().filter(|row| row.kind == Kind::Peer).map(|row| row.ratio).reduce(f64::min)?
            }
        };
        Some(own.ratio / other)
    }
}

#[cfg(test)]
mod tests {
    use super::{Target, Than, targets};
    use crate::{
        measure::{Kind, Row},
        subjects,
    };

    fn row(kind: Kind, by: &str, ratio: f64) -> Row {
        Row { group: "group".into(), kind, by: by.into(), nanoseconds: 100.0 * ratio, ratio, allocations: 3 }
    }

    fn verdict(than: Than, most: f64, processes: &[Vec<Row>]) -> (Option<f64>, Option<bool>) {
        let target = Target { group: "group".into(), by: "ours", than, most, cause: "" };
        let verdict = target.judge(processes);
        (verdict.measured, verdict.pass)
    }

    #[test]
    fn a_row_is_compared_with_the_first_one() {
        let rows = [vec![row(Kind::Raw, "raw", 1.0), row(Kind::Ours, "ours", 1.25)]];
        assert_eq!(verdict(Than::First, 1.25, &rows), (Some(1.25), Some(true)));
        assert_eq!(verdict(Than::First, 1.24, &rows), (Some(1.25), Some(false)));
        assert_eq!(verdict(Than::Allocations, 3.0, &rows), (Some(3.0), Some(true)));
        assert_eq!(verdict(Than::Allocations, 2.0, &rows), (Some(3.0), Some(false)));
        // Without what it is compared with, it is not judged.
        assert_eq!(verdict(Than::Peers, 9.0, &rows), (None, None));
        assert_eq!(verdict(Than::Named("other"), 9.0, &rows), (None, None));
        assert_eq!(verdict(Than::First, 9.0, &[]), (None, None));
    }

    #[test]
    fn the_worst_of_several_processes_counts_and_the_best_of_several_peers() {
        let own = vec![row(Kind::Raw, "raw", 1.0), row(Kind::Ours, "ours", 1.5)];
        let other = |ours: f64, peers: [f64; 2]| {
            let [one, two] = peers;
            vec![
                row(Kind::Raw, "raw", 1.0),
                row(Kind::Ours, "ours", ours),
                row(Kind::Peer, "one", one),
                row(Kind::Peer, "two", two),
            ]
        };
        let processes = [own, other(2.0, [4.0, 8.0]), other(3.0, [16.0, 4.0])];
        assert_eq!(verdict(Than::First, 2.0, &processes), (Some(1.5), Some(true)));
        assert_eq!(verdict(Than::Peers, 0.75, &processes), (Some(0.75), Some(true)));
        assert_eq!(verdict(Than::Peers, 0.7, &processes), (Some(0.75), Some(false)));
        assert_eq!(verdict(Than::Named("one"), 0.5, &processes), (Some(0.5), Some(true)));
        assert_eq!(verdict(Than::Named("two"), 0.5, &processes), (Some(0.75), Some(false)));
    }

    #[test]
    fn each_target_is_of_something_that_is_measured() {
        let names: Vec<String> = subjects().iter().map(ToString::to_string).collect();
        assert!(targets().iter().all(|target| names.contains(&target.group)), "{:?}", targets());
        let mut unique = names.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), names.len());
    }
}
