//! Other implementations beside this one and the primitives, in one process: the rows of `cargo xtask bench --peers`.
//!
//! ```text
//! peers aws_lc_rs|rust_crypto [FILTER]
//! ```
//!
//! jsonwebtoken has one backend in a process. With `rust_crypto`, no other implementation is measured again.

mod biscuit;
mod josekit;
mod jsonwebtoken;
mod raw;

use std::{env, error::Error, io, time::Duration};

use jose_bench::{PUBLISHED, Subject, content::Content, measure::Row, sets, subjects, token::Work};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// For each group.
const TIME: Duration = Duration::from_millis(1500);

fn main() -> Result<()> {
    let mut args = env::args().skip(1);
    let backend = args.next().unwrap_or_default();
    let filter = args.next().unwrap_or_default();
    let only_jsonwebtoken = jsonwebtoken::install(&backend)?;
    let mut rows = Vec::new();
    for subject in subjects().into_iter().filter(|subject| subject.is_wanted(&filter)) {
        eprintln!("{subject}, beside peers");
        rows.extend(measure(subject, only_jsonwebtoken)?);
    }
    Ok(serde_json::to_writer(io::stdout().lock(), &rows)?)
}

/// Nothing where no other implementation does it.
fn measure(subject: Subject, only_jsonwebtoken: bool) -> Result<Vec<Row>> {
    let name = subject.to_string();
    let group = match subject {
        Subject::Sign(alg, bits) => {
            let work = Work::new(alg, bits)?;
            let group = jsonwebtoken::sign(&work, work.sign(name)?)?;
            if only_jsonwebtoken {
                group
            } else {
                raw::sign(&work, josekit::sign(&work, biscuit::sign(&work, group)?)?)?
            }
        }
        Subject::Verify(alg, bits) => {
            let work = Work::new(alg, bits)?;
            let group = jsonwebtoken::verify(&work, work.verify(name)?)?;
            if only_jsonwebtoken {
                group
            } else {
                raw::verify(&work, josekit::verify(&work, biscuit::verify(&work, group)?)?)?
            }
        }
        Subject::Prepare => {
            let text = sets::published(PUBLISHED)?;
            let group = jsonwebtoken::prepare(&text, sets::prepare(name, &text)?);
            if only_jsonwebtoken { group } else { josekit::prepare(&text, group) }
        }
        Subject::Encrypt(enc, len) if !only_jsonwebtoken => {
            let content = Content::new(enc, len)?;
            raw::encrypt(&content, josekit::encrypt(&content, content.encrypt(name)?)?)?
        }
        Subject::Decrypt(enc, len) if !only_jsonwebtoken => {
            let content = Content::new(enc, len)?;
            raw::decrypt(&content, josekit::decrypt(&content, content.decrypt(name)?)?)?
        }
        _ => return Ok(Vec::new()),
    };
    let is_alone = !group.has_others();
    Ok(if is_alone { Vec::new() } else { group.measure(TIME) })
}
