//! `josec algorithms`.

use clap::Args;
use jose_jwt::jwa::{Identifier, Status};
use jose_jwt::{Curve, JweAlg, JweEnc, JwsAlg};

use super::Context;
use crate::failure::Failure;
use crate::report::{Node, map};

#[derive(Args, Debug)]
pub(super) struct Algorithms {}

/// A row: the name, the status, and what keys it takes.
type Row = (String, Status, String);

fn table<A: Identifier>(status: impl Fn(A) -> Status, keys: impl Fn(A) -> String) -> Vec<Row> {
    A::ALL.iter().map(|alg| (alg.to_string(), status(*alg), keys(*alg))).collect()
}

impl Algorithms {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let tables = [
            (
                "signature",
                table(JwsAlg::status, |alg| match (alg.min_key_len(), alg.curve()) {
                    (Some(len), _) => format!("oct of at least {len} bytes"),
                    (_, Some(curve)) => format!("{} {curve}", alg.key_type()),
                    _ => alg.key_type().to_string(),
                }),
            ),
            (
                "key management",
                table(JweAlg::status, |alg| match (alg.key_type(), alg.kek_len()) {
                    (Some(kty), Some(len)) if alg.is_symmetric() => format!("{kty} of {len} bytes"),
                    (Some(kty), _) => kty.to_string(),
                    _ => alg.key_types().iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
                }),
            ),
            ("content encryption", table(JweEnc::status, |enc| format!("{} bytes", enc.cek_len()))),
            ("curve", table(Curve::status, |curve| curve.key_type().to_string())),
        ];
        if context.json {
            let rows = |rows: &[Row]| -> Node {
                let row = |(name, status, keys): &Row| {
                    map([
                        ("name", name.as_str().into()),
                        ("status", status.as_str().into()),
                        ("key", keys.as_str().into()),
                    ])
                };
                rows.iter().map(row).collect()
            };
            let [jws, jwe, enc, crv] = &tables;
            let names = [("jws_alg", jws), ("jwe_alg", jwe), ("jwe_enc", enc), ("crv", crv)];
            return context.report(&map(names.map(|(name, (_, table))| (name, rows(table)))));
        }
        let mut text = String::new();
        for (number, (heading, rows)) in tables.iter().enumerate() {
            if number > 0 {
                text.push('\n');
            }
            text.push_str(&format!("{}\n", context.paint.name(heading)));
            for (name, status, keys) in rows {
                let line = format!("  {name:18}  {:12}  {keys}", status.as_str());
                text.push_str(&match status {
                    Status::Deprecated | Status::Prohibited => format!("{}\n", context.paint.warning(&line)),
                    _ => format!("{line}\n"),
                });
            }
        }
        context.destination.write(text.as_bytes(), false)
    }
}
