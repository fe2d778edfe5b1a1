//! Whether a token is accepted, decided a second time: the rules of RFC 7515 section 4.1.11, RFC 7519 section 4.1 and
//! RFC 7800 as the documentation of the verifier states them, written out over values of `serde_json`. Every token is
//! signed correctly, so that the rules alone decide.

#![no_main]

use std::{collections::BTreeMap, time::Duration};

use arbitrary::{Arbitrary, Unstructured};
use jose_fuzz::{decimal, depth, encode, has_huge_number, object};
use jose_jwk::Jwk;
use jose_jws::{Sign as _, SigningKey, VerifyingKey};
use jose_jwt::{Audience, JwsAlg, JwtVerifier, NoClaims, NumericDate};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, value::RawValue};

/// Names that tokens and rules draw from, so that they meet.
const NAMES: [&str; 8] = ["a", "b", "A", "", "a ", "a\u{301}", "https://a.example", "urn:x"];
const TYPES: [&str; 8] = [
    "JWT",
    "jwt",
    "application/jwt",
    "at+jwt",
    "Application/AT+JWT",
    "application/x/jwt",
    "",
    "application/",
];
const ALGS: [JwsAlg; 3] = [JwsAlg::Hs256, JwsAlg::Hs384, JwsAlg::Hs512];
/// The time of verification.
const NOW: i64 = 1_700_000_000;

#[derive(Arbitrary, Clone, Copy, Debug)]
struct Name(u8);

impl Name {
    fn of(self, names: &[&'static str; 8]) -> &'static str {
        names[usize::from(self.0 % 8)]
    }
}

/// A value of a claim or parameter, mostly of the right type.
#[derive(Arbitrary, Debug)]
enum Text<'i> {
    Name(Name),
    Escaped(Name),
    Names(Vec<Name>),
    Raw(&'i str),
}

impl Text<'_> {
    fn json(&self, names: &[&'static str; 8]) -> String {
        match self {
            Self::Name(name) => Value::from(name.of(names)).to_string(),
            Self::Escaped(name) => {
                let units = name.of(names).encode_utf16().map(|unit| format!("\\u{unit:04x}"));
                format!("\"{}\"", units.collect::<String>())
            }
            Self::Names(list) => Value::from_iter(list.iter().map(|name| name.of(names))).to_string(),
            Self::Raw(text) => (*text).to_owned(),
        }
    }
}

#[derive(Arbitrary, Debug)]
enum Date<'i> {
    /// After the time of verification, with a fraction.
    Near(i16, u16),
    Far(i64),
    Exponent(i16, i8),
    Raw(&'i str),
}

impl Date<'_> {
    fn json(&self) -> String {
        match self {
            Self::Near(seconds, fraction) => format!("{}.{fraction}", NOW + i64::from(*seconds)),
            Self::Far(seconds) => seconds.to_string(),
            Self::Exponent(digits, exponent) => format!("{digits}e{exponent}"),
            Self::Raw(text) => (*text).to_owned(),
        }
    }
}

#[derive(Arbitrary, Debug)]
struct Input<'i> {
    alg: u8,
    typ: Option<Text<'i>>,
    crit: Option<Vec<u8>>,
    extensions: u8,
    iss: Option<Text<'i>>,
    sub: Option<Text<'i>>,
    aud: Option<Text<'i>>,
    jti: Option<Text<'i>>,
    exp: Option<Date<'i>>,
    nbf: Option<Date<'i>>,
    iat: Option<Date<'i>>,
    cnf: Option<&'i str>,
    other: Option<(&'i str, &'i str)>,
    rules: Rules,
}

#[derive(Arbitrary, Debug)]
struct Rules {
    algs: u8,
    typ: Option<Name>,
    understood: bool,
    issuers: Option<Vec<Name>>,
    audiences: Option<Vec<Name>>,
    subject: Option<Name>,
    id: Option<Name>,
    required: Option<Name>,
    leeway: u16,
    max_age: Option<u16>,
    max_lifetime: Option<u16>,
    expiry_optional: bool,
    ignore_expiry: bool,
    ignore_not_before: bool,
    ignore_confirmation: bool,
}

/// Extensions, one of them registered and one not understood.
const EXTENSIONS: [&str; 4] = ["x-1", "x-2", "kid", "x-3"];
const UNDERSTOOD: [&str; 2] = ["x-1", "x-2"];
/// Claims that may be required.
const CLAIMS: [&str; 8] = ["iss", "sub", "aud", "jti", "nbf", "iat", "cnf", "exp"];

fuzz_target!(|input: &[u8]| {
    let Ok(input) = Input::arbitrary_take_rest(Unstructured::new(input)) else { return };
    let (header, claims) = (header(&input), claims(&input));
    let alg = ALGS[usize::from(input.alg) % ALGS.len()];
    let rules = &input.rules;
    let allowed: Vec<JwsAlg> = ALGS
        .into_iter()
        .enumerate()
        .filter(|(bit, _)| rules.algs >> bit & 1 == 1)
        .map(|(_, alg)| alg)
        .collect();
    let jwk = Jwk::from_octets(vec![7; 64]).expect("a secret");
    let Ok(key) = VerifyingKey::from_jwk(&jwk, allowed.as_slice()) else {
        return assert!(allowed.is_empty());
    };
    let token = sign(&header, &claims, alg, &jwk);

    let verified = verifier(key, rules).at(NumericDate::from_seconds(NOW)).verify::<NoClaims>(&token);
    let expected = decide(&header, &claims, rules, &allowed);
    // A number that no `f64` holds is JSON, and beyond the other side.
    let Some(expected) = expected else { return };
    assert_eq!(verified.is_ok(), expected.is_ok(), "{header}\n{claims}\n{:?}\n{expected:?}", verified.err());
});

fn header(input: &Input<'_>) -> String {
    let alg = ALGS[usize::from(input.alg) % ALGS.len()];
    let mut members = vec![format!("\"alg\":\"{}\"", alg.as_str())];
    members.extend(input.typ.iter().map(|typ| format!("\"typ\":{}", typ.json(&TYPES))));
    let named = EXTENSIONS.iter().enumerate().filter(|(bit, _)| input.extensions >> bit & 1 == 1);
    members.extend(named.map(|(_, name)| format!("\"{name}\":\"\"")));
    members.extend(input.crit.iter().map(|crit| {
        let names = crit.iter().map(|index| EXTENSIONS[usize::from(*index) % EXTENSIONS.len()]);
        format!("\"crit\":{}", Value::from_iter(names))
    }));
    format!("{{{}}}", members.join(","))
}

fn claims(input: &Input<'_>) -> String {
    let text = |text: &Option<Text<'_>>| text.as_ref().map(|text| text.json(&NAMES));
    let date = |date: &Option<Date<'_>>| date.as_ref().map(Date::json);
    let members = [
        ("iss", text(&input.iss)),
        ("sub", text(&input.sub)),
        ("aud", text(&input.aud)),
        ("jti", text(&input.jti)),
        ("exp", date(&input.exp)),
        ("nbf", date(&input.nbf)),
        ("iat", date(&input.iat)),
        ("cnf", input.cnf.map(str::to_owned)),
    ];
    let members = members.into_iter().filter_map(|(name, value)| Some(format!("\"{name}\":{}", value?)));
    let other = input.other.map(|(name, value)| format!("{}:{value}", Value::from(name)));
    format!("{{{}}}", members.chain(other).collect::<Vec<_>>().join(","))
}

/// With the key of every token, whose secret is 64 times the octet 7.
fn sign(header: &str, claims: &str, alg: JwsAlg, jwk: &Jwk) -> String {
    let mut token = format!("{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()));
    let key = SigningKey::from_jwk(jwk, alg).expect("a long secret");
    let mut signature = [0; 64];
    let len = key.sign(&[token.as_bytes()], &mut signature).expect("a signature");
    token.push('.');
    token.push_str(&encode(&signature[..len]));
    token
}

fn verifier(key: VerifyingKey, rules: &Rules) -> JwtVerifier<VerifyingKey> {
    let names = |list: &Vec<Name>| list.iter().map(|name| name.of(&NAMES)).collect::<Audience>();
    let verifier = JwtVerifier::new(key);
    let verifier = match &rules.issuers {
        Some(list) => verifier.issuer(names(list)),
        None => verifier.any_issuer(),
    };
    let mut verifier = match &rules.audiences {
        Some(list) => verifier.audience(names(list)),
        None => verifier.any_audience(),
    };
    if let Some(typ) = rules.typ {
        verifier = verifier.typ(typ.of(&TYPES));
    }
    if rules.understood {
        verifier = verifier.understand(&UNDERSTOOD);
    }
    if let Some(subject) = rules.subject {
        verifier = verifier.subject(subject.of(&NAMES));
    }
    if let Some(id) = rules.id {
        verifier = verifier.jwt_id(id.of(&NAMES));
    }
    if let Some(claim) = rules.required {
        verifier = verifier.require(claim.of(&CLAIMS));
    }
    if let Some(age) = rules.max_age {
        verifier = verifier.max_age(Duration::from_secs(age.into()));
    }
    if let Some(span) = rules.max_lifetime {
        verifier = verifier.max_lifetime(Duration::from_secs(span.into()));
    }
    for (on, change) in [
        (rules.expiry_optional, JwtVerifier::expiry_optional as fn(JwtVerifier<VerifyingKey>) -> _),
        (rules.ignore_expiry, JwtVerifier::dangerous_ignore_expiry),
        (rules.ignore_not_before, JwtVerifier::dangerous_ignore_not_before),
        (rules.ignore_confirmation, JwtVerifier::dangerous_ignore_confirmation),
    ] {
        if on {
            verifier = change(verifier);
        }
    }
    verifier.dangerous_leeway(Duration::from_secs(rules.leeway.into()))
}

/// Why a token is refused, in plain words. `None` where the other side cannot read a number.
fn decide(header: &str, claims: &str, rules: &Rules, allowed: &[JwsAlg]) -> Option<Result<(), &'static str>> {
    let read =
        |text: &str| if has_huge_number(text.as_bytes()) { None } else { Some(object(text.as_bytes())) };
    let (header, members) = (read(header)?, read(claims)?);
    // Whatever the token says: the two options contradict each other.
    if rules.expiry_optional && rules.max_lifetime.is_some() {
        return Some(Err("a limit for a lifetime without an end"));
    }
    Some(match (header, members) {
        (Some(header), Some(members)) => {
            check_header(&header, rules, allowed).and_then(|()| check_claims(&members, claims, rules))
        }
        (None, _) => Err("a header that is not strict JSON"),
        (_, None) => Err("claims that are not strict JSON"),
    })
}

type Members = Map<String, Value>;

fn require(holds: bool, reason: &'static str) -> Result<(), &'static str> {
    if holds { Ok(()) } else { Err(reason) }
}

fn check_header(header: &Members, rules: &Rules, allowed: &[JwsAlg]) -> Result<(), &'static str> {
    require(depth(&header.clone().into()) <= 16, "depth")?;
    require(allowed.iter().any(|alg| header["alg"] == alg.as_str()), "alg")?;
    if let Some(crit) = header.get("crit") {
        let names: Vec<&str> = crit.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        require(!names.is_empty(), "crit is empty")?;
        for (index, name) in names.iter().enumerate() {
            require(*name != "kid", "crit names what is registered")?;
            require(rules.understood && UNDERSTOOD.contains(name), "crit is not understood")?;
            require(header.contains_key(*name), "crit names what is absent")?;
            require(!names[..index].contains(name), "crit names something twice")?;
        }
    }
    let typ = header.get("typ");
    require(typ.is_none_or(Value::is_string), "typ is no string")?;
    if let Some(expected) = rules.typ {
        let typ = typ.and_then(Value::as_str).ok_or("typ is missing")?;
        require(media_type(typ) == media_type(expected.of(&TYPES)), "typ is another")?;
    }
    Ok(())
}

/// RFC 7515 section 4.1.9: `application/` may be left out where no other slash follows.
fn media_type(text: &str) -> String {
    let text = text.to_ascii_lowercase();
    if text.contains('/') { text } else { format!("application/{text}") }
}

/// In nanoseconds.
fn date(claims: &BTreeMap<String, Box<RawValue>>, name: &str) -> Result<Option<i128>, &'static str> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    let (seconds, nanos) = decimal::date(value.get()).ok_or("a date is none")?;
    Ok(Some(i128::from(seconds) * NANOS + i128::from(nanos)))
}

const NANOS: i128 = 1_000_000_000;

fn check_claims(members: &Members, text: &str, rules: &Rules) -> Result<(), &'static str> {
    require(depth(&members.clone().into()) <= 16, "depth")?;
    for name in ["iss", "sub", "jti"] {
        require(members.get(name).is_none_or(Value::is_string), "a string is none")?;
    }
    let audiences: Option<Vec<&Value>> = members.get("aud").map(|aud| match aud {
        Value::Array(list) => list.iter().collect(),
        one => vec![one],
    });
    require(
        audiences.iter().flatten().all(|aud| aud.is_string()),
        "aud is neither a string nor a list of them",
    )?;
    let raw: BTreeMap<String, Box<RawValue>> = serde_json::from_str(text).map_err(|_| "no object")?;
    let (exp, nbf, iat) = (date(&raw, "exp")?, date(&raw, "nbf")?, date(&raw, "iat")?);

    let (now, leeway) = (i128::from(NOW) * NANOS, i128::from(rules.leeway) * NANOS);
    let last = (i128::from(i64::MAX) + 1) * NANOS;
    let span = |seconds: u16| i128::from(seconds) * NANOS;
    if !rules.ignore_expiry {
        require(exp.is_some() || rules.expiry_optional, "exp is missing")?;
        require(exp.is_none_or(|exp| now < exp + leeway), "expired")?;
    }
    require(rules.ignore_not_before || nbf.is_none_or(|nbf| nbf <= now + leeway), "not valid yet")?;
    if let Some(max) = rules.max_lifetime {
        let exp = exp.ok_or("exp is missing")?;
        let end = iat.unwrap_or(now) + span(max) + leeway;
        // Dates end, and nothing is after the end.
        require(exp <= end || end >= last, "the lifetime is too long")?;
    }
    if let Some(max) = rules.max_age {
        let iat = iat.ok_or("iat is missing")?;
        require(iat <= now + leeway, "issued in the future")?;
        require(now <= iat + span(max) + leeway, "too old")?;
    }
    let is_one_of = |value: &Value, names: &[Name]| names.iter().any(|name| *value == name.of(&NAMES));
    if let Some(names) = &rules.issuers {
        require(members.get("iss").is_some_and(|iss| is_one_of(iss, names)), "iss")?;
    }
    if let Some(names) = &rules.audiences {
        require(audiences.iter().flatten().any(|aud| is_one_of(aud, names)), "aud")?;
    }
    for (name, expected) in [("sub", rules.subject), ("jti", rules.id)] {
        let Some(expected) = expected else { continue };
        require(members.get(name).is_some_and(|value| is_one_of(value, &[expected])), "sub or jti")?;
    }
    require(rules.required.is_none_or(|name| members.contains_key(name.of(&CLAIMS))), "a claim is missing")?;
    require(rules.ignore_confirmation || !members.contains_key("cnf"), "cnf without a proof")
}
