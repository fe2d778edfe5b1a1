//! Whether the time that a refusal takes tells which step refused: dudect's test (Reparaz, Balasch, Verbauwhede, 2016).
//!
//! Two classes of input that fail at different steps are drawn in random order, in one process. Welch's t-test compares
//! the times of the classes, over all of them and over those below a percentile, because what interrupts a process
//! lengthens some times by far more than a leak would. From |t| = 4.5 on the means differ, as far as statistics tell;
//! below 10 a longer run should decide. It is a measurement and no test: a busy machine may say anything.
//!
//! ```text
//! cargo bench -p jose-tests --bench timing -- --seconds 60
//! ```

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use base64ct::{Base64UrlUnpadded, Encoding};
use jose_b64::Secret;
use jose_jwe::{DecryptionKey, Encrypted, EncryptionKey, Error, JweAlg, JweEnc, Message, enc};
use jose_jwk::{Jwk, JwsAlg, KeySpec, SysRng};
use jose_jws::{Header, SigningKey, VerifyingKey};
use rand_core::TryRng;

/// For each case, unless `--seconds` says otherwise.
const DEFAULT_SECONDS: f64 = 10.0;

/// For each case, where it is only to be seen that it runs.
const GLANCE_SECONDS: f64 = 0.1;

/// The inputs of each class: what is peculiar to one of them weighs little.
const INPUTS: usize = 256;

/// The most measurements of a case: more would only fill the memory.
const MOST: usize = 4_000_000;

/// The shares of the times, from the shortest on, that are compared.
const SHARES: [f64; 6] = [1.0, 0.99, 0.95, 0.9, 0.75, 0.5];

/// Where dudect sees that the means differ, and where it has no doubt.
const DIFFERS: f64 = 4.5;
const NO_DOUBT: f64 = 10.0;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// What a class is, and its inputs.
type Class = (&'static str, Vec<Vec<u8>>);

/// Says whether the input was refused. It may write to it.
type Operation = Box<dyn Fn(&mut [u8]) -> bool>;

/// Makes an input one of its class.
type Damage = fn(&mut [u8]);

/// Two classes of input to one operation.
struct Case {
    name: &'static str,
    classes: [Class; 2],
    operation: Operation,
}

fn main() -> ExitCode {
    match seconds().and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn seconds() -> Outcome<f64> {
    let (mut seconds, mut is_bench) = (None, false);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--seconds" => seconds = Some(args.next().ok_or("--seconds needs a number")?.parse()?),
            // `cargo bench` says this, `cargo test --benches` does not.
            "--bench" => is_bench = true,
            _ => return Err(format!("{arg}: there is only --seconds N, for each case").into()),
        }
    }
    let seconds: f64 = seconds.unwrap_or(if is_bench { DEFAULT_SECONDS } else { GLANCE_SECONDS });
    if seconds > 0.0 && seconds < 1e6 { Ok(seconds) } else { Err("--seconds is out of range".into()) }
}

fn run(seconds: f64) -> Outcome<()> {
    println!(
        "{:<44} {:>8} {:>12} {:>12} {:>9}  {:>5}  verdict",
        "", "number", "median", "difference", "t", "below"
    );
    let rsa = Jwk::generate(KeySpec::Rsa { bits: 2048 }, &mut SysRng)?;
    // What leaks must be seen to leak, or the other figures mean nothing.
    let t = early_exit()?.measure(Duration::from_secs_f64(seconds))?;
    if seconds >= 1.0 && t.abs() < NO_DOUBT {
        return Err("the control was not seen to leak: this run is void".into());
    }
    for case in [
        secret_base64()?,
        secret_equality()?,
        rsa1_5(&rsa)?,
        oaep_label(&rsa)?,
        oaep_tag(&rsa)?,
        cbc_hmac_tag()?,
        cbc_hmac_padding()?,
        key_wrap()?,
        hs256()?,
    ] {
        case.measure(Duration::from_secs_f64(seconds))?;
    }
    Ok(())
}

impl Case {
    fn measure(&self, limit: Duration) -> Outcome<f64> {
        for input in self.classes.iter().flat_map(|(_, inputs)| inputs) {
            assert!((self.operation)(&mut input.clone()), "{}: not refused", self.name);
        }
        let mut times: Vec<(usize, f64)> = Vec::new();
        let mut buffer = Vec::new();
        let started = Instant::now();
        while started.elapsed() < limit && times.len() < MOST {
            let drawn = SysRng.try_next_u64()?;
            let class = usize::from(drawn & 1 == 1);
            let (_, inputs) = &self.classes[class];
            // From the same place in memory for both classes.
            buffer.clear();
            buffer.extend_from_slice(&inputs[usize::try_from(drawn >> 32)? % inputs.len()]);
            let before = Instant::now();
            black_box((self.operation)(black_box(&mut buffer)));
            times.push((class, before.elapsed().as_secs_f64() * 1e9));
        }
        // What the first tenth measures is also the warming of caches and of the clock of the processor.
        times.drain(..times.len() / 10);
        self.report(times)
    }

    fn report(&self, mut times: Vec<(usize, f64)>) -> Outcome<f64> {
        times.sort_by(|(_, one), (_, other)| one.total_cmp(other));
        let median = times.get(times.len() / 2).map_or(f64::NAN, |(_, time)| *time);
        let results = SHARES.map(|share| (welch(&times[..(times.len() as f64 * share) as usize]), share));
        let ((t, difference), share) = results
            .into_iter()
            // Where the classes lie apart, one of them alone may be below.
            .filter(|((t, _), _)| t.is_finite())
            .max_by(|((one, _), _), ((other, _), _)| one.abs().total_cmp(&other.abs()))
            .ok_or("too few measurements")?;
        let verdict = match t.abs() {
            t if t < DIFFERS => "no difference seen",
            t if t < NO_DOUBT => "may differ: run longer",
            _ => "DIFFERS",
        };
        println!(
            "{:<44} {:>8} {:>9.0} ns {:>9.2} ns {:>9.2}  {:>4.0}%  {verdict}",
            self.name,
            times.len(),
            median,
            difference,
            t,
            share * 100.0
        );
        println!("    {} / {}", self.classes[0].0, self.classes[1].0);
        Ok(t)
    }
}

/// Welch's t of the two classes, which need not have the same variance, and the difference of their means.
fn welch(times: &[(usize, f64)]) -> (f64, f64) {
    let of = |class: usize| {
        let own = || times.iter().filter(move |(own, _)| *own == class).map(|(_, time)| *time);
        let number = own().count() as f64;
        let mean = own().sum::<f64>() / number;
        let variance = own().map(|time| (time - mean) * (time - mean)).sum::<f64>() / (number - 1.0);
        (mean, variance / number)
    };
    let ((one, error), (other, other_error)) = (of(0), of(1));
    ((one - other) / (error + other_error).sqrt(), one - other)
}

fn random(len: usize) -> Outcome<Vec<u8>> {
    let mut octets = vec![0; len];
    SysRng.try_fill_bytes(&mut octets)?;
    Ok(octets)
}

fn inputs(input: impl Fn() -> Outcome<Vec<u8>>) -> Outcome<Vec<Vec<u8>>> {
    (0..INPUTS).map(|_| input()).collect()
}

/// The token with a part changed.
fn changed(token: &str, part: usize, change: impl FnOnce(&mut [u8])) -> Outcome<String> {
    let mut parts: Vec<String> = token.split('.').map(String::from).collect();
    let mut octets = Base64UrlUnpadded::decode_vec(&parts[part])?;
    change(&mut octets);
    parts[part] = Base64UrlUnpadded::encode_string(&octets);
    Ok(parts.join("."))
}

fn flip_first(octets: &mut [u8]) {
    octets[0] ^= 1;
}

fn flip_last(octets: &mut [u8]) {
    octets[octets.len() - 1] ^= 1;
}

/// Row G1, for the text of a secret: the characters that a table would look up. The foreign one, which the error tells, stands
/// at the end of both.
fn secret_base64() -> Outcome<Case> {
    let texts = |text: &dyn Fn() -> Outcome<String>| {
        inputs(|| {
            let mut text = text()?.into_bytes();
            text[42] = b'!';
            Ok(text)
        })
    };
    let classes = [
        ("of one character", texts(&|| Ok("A".repeat(43)))?),
        ("random", texts(&|| Ok(Base64UrlUnpadded::encode_string(&random(32)?)))?),
    ];
    let operation = |text: &mut [u8]| Secret::from_base64url(text).is_err();
    Ok(Case { name: "G1 the base64url of a secret", classes, operation: Box::new(operation) })
}

/// Row G1, for secrets that are compared.
fn secret_equality() -> Outcome<Case> {
    let right = random(32)?;
    let wrong = |damage: Damage| {
        inputs(|| {
            let mut wrong = right.clone();
            damage(&mut wrong);
            Ok(wrong)
        })
    };
    let classes = [("first byte wrong", wrong(flip_first)?), ("last byte wrong", wrong(flip_last)?)];
    let secret = Secret::from(right);
    let operation = move |bytes: &mut [u8]| Secret::from(bytes.to_vec()) != secret;
    Ok(Case { name: "G1 secrets that are compared", classes, operation: Box::new(operation) })
}

/// What this shows to leak must be seen to leak, or the other figures mean nothing.
fn early_exit() -> Outcome<Case> {
    let right = random(32)?;
    let wrong = |at: usize| {
        let mut tag = right.clone();
        tag[at] ^= 1;
        Ok(tag)
    };
    let classes = [("first byte wrong", inputs(|| wrong(0))?), ("last byte wrong", inputs(|| wrong(31))?)];
    let operation = move |tag: &mut [u8]| right.iter().zip(tag).any(|(one, other)| *black_box(one) != *other);
    Ok(Case { name: "control: a compare of 32 bytes that leaks", classes, operation: Box::new(operation) })
}

/// A message of 64 random bytes.
fn token(jwk: &Jwk, alg: JweAlg) -> Outcome<String> {
    let key = EncryptionKey::from_jwk(jwk, alg)?;
    Ok(Message::new(JweEnc::A128CbcHs256).compact(&key, &random(64)?, &mut SysRng)?)
}

/// A case of messages that fail, all with the same error.
fn messages(name: &'static str, jwk: &Jwk, alg: JweAlg, classes: [Class; 2]) -> Outcome<Case> {
    let key = DecryptionKey::from_jwk(jwk, alg)?;
    let operation = move |token: &mut [u8]| {
        let message = Encrypted::parse_compact(token);
        let decrypted = message.and_then(|message| message.decrypt(&key, &mut SysRng));
        decrypted.is_err_and(|error| error == Error::Decryption)
    };
    Ok(Case { name, classes, operation: Box::new(operation) })
}

fn wrong_tag(jwk: &Jwk, alg: JweAlg) -> Outcome<Vec<Vec<u8>>> {
    inputs(|| Ok(changed(&token(jwk, alg)?, 4, flip_last)?.into_bytes()))
}

/// With an encrypted key that is random, and less than the modulus.
fn wrong_padding(jwk: &Jwk, alg: JweAlg) -> Outcome<Vec<Vec<u8>>> {
    inputs(|| {
        let drawn = random(256)?;
        let change = |octets: &mut [u8]| {
            octets.copy_from_slice(&drawn);
            octets[0] &= 0x3f;
        };
        Ok(changed(&token(jwk, alg)?, 1, change)?.into_bytes())
    })
}

/// Rows D1 and D2.
fn rsa1_5(rsa: &Jwk) -> Outcome<Case> {
    let alg = JweAlg::Rsa1_5;
    let classes =
        [("right padding, wrong tag", wrong_tag(rsa, alg)?), ("wrong padding", wrong_padding(rsa, alg)?)];
    messages("D1 D2 RSA1_5", rsa, alg, classes)
}

/// The question of Manger's attack: is the first byte of the padding zero? In the first class it is for one in 256.
fn oaep(rsa: &Jwk, second: Class) -> Outcome<Case> {
    let alg = JweAlg::RsaOaep256;
    messages("D2 D3 RSA-OAEP-256", rsa, alg, [("first byte not zero", wrong_padding(rsa, alg)?), second])
}

fn oaep_label(rsa: &Jwk) -> Outcome<Case> {
    let second = inputs(|| {
        // Padded with another hash: the first byte is zero, and nothing else is right.
        let (own, other) = (token(rsa, JweAlg::RsaOaep256)?, token(rsa, JweAlg::RsaOaep)?);
        let other = Base64UrlUnpadded::decode_vec(other.split('.').nth(1).ok_or("no encrypted key")?)?;
        Ok(changed(&own, 1, |octets| octets.copy_from_slice(&other))?.into_bytes())
    })?;
    oaep(rsa, ("first byte zero, the rest wrong", second))
}

fn oaep_tag(rsa: &Jwk) -> Outcome<Case> {
    oaep(rsa, ("right padding, wrong tag", wrong_tag(rsa, JweAlg::RsaOaep256)?))
}

/// The bytes of tags of A128CBC-HS256.
const TAG_LEN: usize = 16;

/// A case of ciphertexts, each with its tag behind it.
fn cbc_hmac(classes: [(&'static str, Damage); 2]) -> Outcome<Case> {
    const ENC: JweEnc = JweEnc::A128CbcHs256;
    let (cek, iv) = (random(ENC.cek_len())?, random(ENC.iv_len())?);
    let [first, second] = classes.map(|(name, damage)| {
        let sealed = inputs(|| {
            let mut buffer = [random(64)?, vec![0; 16]].concat();
            let sealed = jose_jwe::hazmat::seal(ENC, &cek, &iv, b"", &mut buffer, 64)?;
            buffer.extend_from_slice(sealed.tag());
            damage(&mut buffer);
            Ok(buffer)
        });
        sealed.map(|sealed| (name, sealed))
    });
    let classes = [first?, second?];
    let operation = move |sealed: &mut [u8]| {
        let (ciphertext, tag) = sealed.split_at_mut(sealed.len() - TAG_LEN);
        enc::open(ENC, &cek, &iv, b"", ciphertext, tag) == Err(Error::Decryption)
    };
    Ok(Case { name: "D6 G1 A128CBC-HS256", classes, operation: Box::new(operation) })
}

fn cbc_hmac_tag() -> Outcome<Case> {
    let first: Damage = |sealed| flip_first(&mut sealed[80..]);
    cbc_hmac([("first byte of the tag wrong", first), ("last byte of the tag wrong", flip_last)])
}

/// The question of a padding oracle. The padding of the second class would be wrong, if it were read.
fn cbc_hmac_padding() -> Outcome<Case> {
    let second: Damage = |sealed| flip_last(&mut sealed[..64]);
    cbc_hmac([("wrong tag, right padding", flip_last), ("wrong tag, wrong padding", second)])
}

/// RFC 7516 section 11.5: the message fails at its tag, whether or not its key was unwrapped.
///
/// A difference of a few ns may be left, in which the crate for AES Key Wrap clears a key that it did not accept. It tells
/// nothing: without the key, nobody can create an encrypted key that is accepted, and those of real messages are known.
fn key_wrap() -> Outcome<Case> {
    let jwk = Jwk::generate(KeySpec::Oct { len: 16 }, &mut SysRng)?;
    let alg = JweAlg::A128Kw;
    let second = inputs(|| Ok(changed(&token(&jwk, alg)?, 1, flip_last)?.into_bytes()))?;
    let classes = [("right key, wrong tag", wrong_tag(&jwk, alg)?), ("wrong encrypted key", second)];
    messages("D1 A128KW", &jwk, alg, classes)
}

/// Row G1, for signatures.
fn hs256() -> Outcome<Case> {
    let jwk = Jwk::generate(KeySpec::Oct { len: 32 }, &mut SysRng)?.with_alg(JwsAlg::Hs256)?;
    let signs = SigningKey::try_from(&jwk)?;
    let verifies = VerifyingKey::from_jwk(&jwk, JwsAlg::Hs256)?;
    let tokens = |damage: Damage| {
        inputs(|| {
            let token = jose_jws::compact::sign(&signs, &random(64)?, &Header::new())?;
            Ok(changed(&token, 2, damage)?.into_bytes())
        })
    };
    let classes = [
        ("first byte of the tag wrong", tokens(flip_first)?),
        ("last byte of the tag wrong", tokens(flip_last)?),
    ];
    let operation = move |token: &mut [u8]| {
        jose_jws::compact::verify(&verifies, token).is_err_and(|error| error == jose_jws::Error::Signature)
    };
    Ok(Case { name: "G1 HS256", classes, operation: Box::new(operation) })
}
