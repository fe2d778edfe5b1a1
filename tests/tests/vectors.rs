//! Every file of `tests/vectors`, one test each.

use std::{fs, path::Path};

use jose_tests::vectors::VectorFile;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors");

fn check(name: &str) {
    let file = VectorFile::load(&Path::new(FOLDER).join(name)).expect("a vector file");
    let report = file.run();
    println!("{name}  {report}");
    assert_eq!(report.failures().count(), 0, "{name}  {report}");
}

macro_rules! files {
    ($($test:ident $name:literal)*) => {
        $(
            #[test]
            fn $test() {
                check($name);
            }
        )*

        const FILES: &[&str] = &[$($name),*];
    };
}

files! {
    draft_jose_hpke_pq_pqt "draft-jose-hpke-pq-pqt.json"
    draft_jose_hpke "draft-jose-hpke.json"
    invalid "invalid.json"
    keys "keys.json"
    openid4vci "openid4vci-1.0.json"
    openid4vp "openid4vp-1.0.json"
    rfc7515 "rfc7515.json"
    rfc7516 "rfc7516.json"
    rfc7517 "rfc7517.json"
    rfc7518 "rfc7518.json"
    rfc7519 "rfc7519.json"
    rfc7520 "rfc7520.json"
    rfc7638 "rfc7638.json"
    rfc7797 "rfc7797.json"
    rfc8037 "rfc8037.json"
    rfc8292 "rfc8292.json"
    rfc8812 "rfc8812.json"
    rfc9278 "rfc9278.json"
    rfc9449 "rfc9449.json"
    rfc9864 "rfc9864.json"
    rfc9901 "rfc9901.json"
    rfc9964 "rfc9964.json"
    token_status_list "token-status-list.json"
}

#[test]
fn no_file_is_left_out() {
    let mut found: Vec<_> = fs::read_dir(FOLDER)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name in UTF-8"))
        .filter(|name| name.ends_with(".json"))
        .collect();
    found.sort();
    assert_eq!(found, FILES);
}

/// The cases of real reports. They are not among the vectors for other implementations, which differ in them.
#[test]
fn reports() {
    check("../data/reports/vectors.json");
}
