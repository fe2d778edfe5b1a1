//! What is left in memory of a secret: nothing, on every way in and every way out.
//!
//! The process reads its own writable memory from `/proc/self/mem`, freed blocks included, without the stack of the thread
//! that searches. What it searches for it keeps masked, and the end of each secret is what counts, because an allocator
//! writes its own links over the beginning of a freed block.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64ct::{Base64UrlUnpadded, Encoding};
use jose_b64::Secret;
use jose_jwe::hazmat::{Fixed, FixedRecipient, Form};
use jose_jwe::{DecryptionKey, Encrypted, EncryptionKey, JweAlg, Message};
use jose_jwk::{Curve, Jwk, JwkParser, JwkSet, JwsAlg, KeySpec, KeyType, PrivateFormat, SysRng};
use jose_jws::alg::{HmacKey, Hs256};
use jose_jws::{Header, SigningKey, VerifyingKey, compact};
use zeroize::{Zeroize, Zeroizing};

const MASK: u8 = 0xa5;
/// As many bytes as are searched for.
const END: usize = 16;

/// Bytes that memory holds in no readable form.
struct Masked(Vec<u8>);

impl Masked {
    fn new(bytes: impl AsRef<[u8]>) -> Self {
        Self(bytes.as_ref().iter().map(|byte| byte ^ MASK).collect())
    }

    fn show(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.iter().map(|byte| byte ^ MASK).collect())
    }

    fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(self.0.len()));
        self.0.iter().for_each(|byte| text.push(char::from(byte ^ MASK)));
        text
    }

    /// How often the end of these bytes stands in memory.
    fn found(&self) -> usize {
        self.found_as(false)
    }

    /// How often the end of these bytes stands in memory; as numbers, also either end backwards, as their words stand.
    fn found_as(&self, numbers: bool) -> usize {
        let (begin, end) = (&self.0[..END], &self.0[self.0.len() - END..]);
        let mut pattern = [0; END];
        let mut search = |from: &[u8], backwards: bool| {
            pattern.iter_mut().zip(from).for_each(|(to, byte)| *to = byte ^ MASK);
            if backwards {
                pattern.reverse();
            }
            let found = count(&pattern);
            pattern.zeroize();
            found
        };
        search(end, false) + if numbers { search(end, true) + search(begin, true) } else { 0 }
    }
}

/// The tests take turns: a search copies what another test holds.
static TURN: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How often the pattern stands in the memory that can be written, without this thread's stack.
fn count(pattern: &[u8; END]) -> usize {
    let here = core::ptr::from_ref(&pattern).addr() as u64;
    let there = pattern.as_ptr().addr() as u64;
    let mut memory = File::open("/proc/self/mem").unwrap();
    let mut found = 0;
    let mut buffer = vec![0; 1 << 20];
    for line in fs::read_to_string("/proc/self/maps").unwrap().lines() {
        let mut fields = line.split_ascii_whitespace();
        let (range, access) = (fields.next().unwrap(), fields.next().unwrap());
        let file = fields.nth(3).unwrap_or_default();
        let (start, end) = range.split_once('-').unwrap();
        let (start, end) = (u64::from_str_radix(start, 16).unwrap(), u64::from_str_radix(end, 16).unwrap());
        let heap = file.is_empty() || file == "[heap]";
        let stack = (start..end).contains(&here) || (start..end).contains(&there);
        if !access.starts_with("rw") || !heap || stack {
            continue;
        }
        let mut at = start;
        while at < end {
            memory.seek(SeekFrom::Start(at)).unwrap();
            let len = usize::try_from(end - at).unwrap().min(buffer.len());
            let Ok(len) = memory.read(&mut buffer[..len]) else { break };
            found += memchr::memmem::find_iter(&buffer[..len], pattern).count();
            buffer[..len].zeroize();
            // Over the boundary of the pieces too.
            let overlap = if at + (len as u64) < end { END - 1 } else { 0 };
            at += u64::try_from(len - overlap).unwrap().max(1);
        }
    }
    found
}

/// The secrets of a key, as bytes and as the text that JSON has of them.
struct Secrets {
    all: Vec<(String, Masked)>,
    /// The numbers of an RSA key stay behind in memory that the arithmetic of `rsa` freed, which SECURITY.md says.
    numbers: bool,
}

impl Secrets {
    fn of(key: &Jwk) -> Self {
        let mut secrets = Vec::new();
        for name in ["d", "p", "q", "dp", "dq", "qi", "k", "priv"] {
            if let Some(bytes) = key.expose_secret_member(name) {
                secrets.push((name.to_owned(), Masked::new(bytes)));
                let mut text = Zeroizing::new(vec![0; bytes.len() * 2]);
                let text = Base64UrlUnpadded::encode(bytes, &mut text).unwrap();
                secrets.push((format!("text of {name}"), Masked::new(text)));
            }
        }
        assert!(!secrets.is_empty());
        Self { all: secrets, numbers: key.key_type() != KeyType::Rsa }
    }

    #[track_caller]
    fn are_gone(&self, after: &str) {
        for (name, secret) in &self.all {
            assert_eq!(secret.found_as(self.numbers), 0, "{name}, {after}");
        }
    }

    #[track_caller]
    fn are_there(&self, name: &str) {
        let (_, secret) = self.all.iter().find(|(one, _)| one == name).unwrap();
        assert!(secret.found() > 0, "{name}");
    }
}

/// The JSON of a key with a long `kid` before and a long member after its secret.
fn long(json: &str) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(json.len() + 4096));
    text.push_str(r#"{"kid":""#);
    (0..300).for_each(|_| text.push('k'));
    text.push_str("\",");
    text.push_str(json.trim_start_matches('{').trim_end_matches('}'));
    text.push_str(r#","note":""#);
    (0..2000).for_each(|_| text.push('n'));
    text.push_str("\"}");
    text
}

/// The part of a PEM's first lines that encodes the secret, which stands in the DER.
fn inside(pem: &Masked, der: &Masked, secret: &Masked) -> Masked {
    let at = memchr::memmem::find(&der.0, &secret.0).unwrap();
    let newline = b'\n' ^ MASK;
    let body = pem.0.iter().position(|byte| *byte == newline).unwrap() + 1;
    let start = body + at.div_ceil(3) * 4 / 64 * 65 + at.div_ceil(3) * 4 % 64;
    let part = &pem.0[start..start + 2 * END];
    // On one line: the part before its end, or the part after it.
    let part = match part.iter().position(|byte| *byte == newline) {
        Some(end) if end < END => &part[end + 1..end + 1 + END],
        _ => &part[..END],
    };
    Masked(part.to_vec())
}

/// Every form of a private key, written and read.
fn forms(spec: KeySpec, formats: &[PrivateFormat]) {
    let _turn = turn();
    let (secrets, json) = {
        let key = Jwk::generate(spec, &mut SysRng).unwrap();
        let secrets = Secrets::of(&key);
        // The search finds what is there.
        secrets.are_there(secrets.all[0].0.as_str());
        (secrets, Masked::new(key.expose_private_json().as_bytes()))
    };
    secrets.are_gone("generated and written as JSON");
    let json = Masked::new(long(&json.text()).as_bytes());
    secrets.are_gone("written with more members");
    let read = || Jwk::from_json(json.text().as_str()).unwrap();
    drop(read());
    secrets.are_gone("read from JSON");
    drop(JwkParser::new().allow_padding().allow_leading_zeros().jwk(json.text().as_str()).unwrap());
    secrets.are_gone("read with options");
    Jwk::from_json(&json.text()[..json.0.len() - 1]).unwrap_err();
    secrets.are_gone("refused as JSON");
    drop(read().expose_private_json());
    secrets.are_gone("written with long members");
    drop((read().clone(), read() == read(), format!("{:?}", read())));
    secrets.are_gone("cloned, compared and shown");
    {
        let mut set = JwkSet::new();
        set.push(read());
        set.push(read());
        let set = Masked::new(set.expose_private_json().as_bytes());
        drop(JwkSet::from_json(set.text().as_str()).unwrap());
        drop(JwkSet::from_public_json(set.text().as_str()));
    }
    secrets.are_gone("written and read as a set");
    for format in formats.iter().copied() {
        let der = Masked::new(read().expose_private_der(format).unwrap());
        let pem = Masked::new(read().expose_private_pem(format).unwrap().as_bytes());
        secrets.are_gone("written as DER and PEM");
        drop(Jwk::from_private_der(&*der.show(), format).unwrap());
        secrets.are_gone("read from DER");
        drop(Jwk::from_pem(&pem.text()).unwrap());
        secrets.are_gone("read from PEM");
        Jwk::from_private_der(&der.show()[..der.0.len() - 1], format).unwrap_err();
        secrets.are_gone("refused as DER");
        assert_eq!(inside(&pem, &der, &secrets.all[0].1).found(), 0, "the text of the PEM");
    }
    if !formats.is_empty() {
        let encrypted = read().to_encrypted_pem("passphrase", &mut SysRng).unwrap();
        secrets.are_gone("written encrypted");
        drop(Jwk::from_encrypted_pem(&encrypted, "passphrase").unwrap());
        secrets.are_gone("read encrypted");
    }
    let mut used = 0;
    for alg in JwsAlg::ALL.iter().copied() {
        let Ok(key) = SigningKey::from_jwk(read(), alg) else { continue };
        let token = compact::sign(&key, b"payload", &Header::new()).unwrap();
        compact::verify(&VerifyingKey::from_jwk(read(), alg).unwrap(), &token).unwrap();
        used += 1;
    }
    secrets.are_gone("signed with");
    for alg in JweAlg::ALL.iter().copied() {
        let (Ok(encrypts), Ok(decrypts)) =
            (EncryptionKey::from_jwk(read(), alg), DecryptionKey::from_jwk(read(), alg))
        else {
            continue;
        };
        // Integrated Encryption has none.
        let enc = encrypts.encs().iter().next();
        let token = Message::new(enc).compact(&encrypts, b"plaintext", &mut SysRng).unwrap();
        Encrypted::parse(&token).unwrap().decrypt(&decrypts, &mut SysRng).unwrap();
        used += 1;
    }
    secrets.are_gone("decrypted with");
    assert!(used > 0);
}

/// Covers G4, G8.
#[test]
fn symmetric_keys() {
    for len in [16, 32, 64] {
        forms(KeySpec::Oct { len }, &[]);
    }
}

/// Covers G4, G8.
#[test]
fn elliptic_curve_keys() {
    for curve in [Curve::P256, Curve::P384, Curve::P521, Curve::Secp256k1] {
        forms(curve.into(), &[PrivateFormat::Pkcs8, PrivateFormat::Sec1]);
    }
}

/// Covers G4, G8.
#[test]
fn edwards_and_montgomery_keys() {
    for curve in [Curve::Ed25519, Curve::X25519, Curve::Ed448, Curve::X448] {
        forms(curve.into(), &[PrivateFormat::Pkcs8]);
    }
}

/// Covers G4, G8.
#[test]
fn rsa_keys() {
    forms(KeySpec::Rsa { bits: 2048 }, &[PrivateFormat::Pkcs8, PrivateFormat::Pkcs1]);
}

/// Covers G4, G8.
#[test]
fn module_lattice_keys() {
    forms(JwsAlg::MlDsa44.into(), &[PrivateFormat::Pkcs8]);
}

/// Bytes become secrets in other ways than keys.
///
/// Covers G4.
#[test]
fn secrets_of_bytes() {
    let _turn = turn();
    let secrets = Secrets::of(&Jwk::generate(KeySpec::Oct { len: 32 }, &mut SysRng).unwrap());
    let (bytes, text) = (&secrets.all[0].1, &secrets.all[1].1);
    drop(Secret::from(bytes.show()));
    drop(Secret::from_base64url(&text.show()).unwrap());
    drop(Secret::from_base64url(&text.show()).unwrap().to_base64url());
    drop(Secret::from_base64url(&text.show()[1..]));
    secrets.are_gone("as a secret");
    drop(HmacKey::<Hs256>::new(&bytes.show()).unwrap());
    drop(Jwk::from_octets(bytes.show()).unwrap());
    drop(Jwk::dangerous_from_octets(bytes.show()));
    drop(Jwk::from_raw_private(Curve::Ed25519, bytes.show()).unwrap());
    drop(Jwk::from_raw_private(Curve::X25519, bytes.show()).unwrap());
    secrets.are_gone("as keys");
    // Bytes that are freed as they are, which shows that the search would have found them.
    drop((0..64).map(|_| bytes.show().to_vec()).collect::<Vec<_>>());
    secrets.are_there("k");
}

/// Covers G4.
#[test]
fn content_encryption_keys_and_plaintexts() {
    let _turn = turn();
    let draw = || Secrets::of(&Jwk::generate(KeySpec::Oct { len: 32 }, &mut SysRng).unwrap());
    let (kek, cek, plaintext) = (draw(), draw(), draw());
    let token = {
        let key =
            EncryptionKey::from_jwk(Jwk::from_octets(kek.all[0].1.show()).unwrap(), JweAlg::A256Kw).unwrap();
        let (cek, plaintext) = (cek.all[0].1.show(), plaintext.all[0].1.show());
        let message = Fixed {
            form: Form::Compact,
            protected: Some(r#"{"alg":"A256KW","enc":"A128CBC-HS256"}"#),
            unprotected: None,
            aad: None,
            cek: Some(&cek),
            iv: &[0; 16],
            recipients: vec![FixedRecipient { key: &key, header: None, epk: None, iv: None, ikm: None }],
        };
        message.encrypt(&plaintext).unwrap()
    };
    let all = [("kek", &kek), ("cek", &cek), ("plaintext", &plaintext)];
    all.iter().for_each(|(name, secrets)| secrets.are_gone(&format!("{name}, encrypted")));
    {
        let key =
            DecryptionKey::from_jwk(Jwk::from_octets(kek.all[0].1.show()).unwrap(), JweAlg::A256Kw).unwrap();
        let decrypted = Encrypted::parse(&token).unwrap().decrypt(&key, &mut SysRng).unwrap();
        assert!(decrypted.plaintext() == &**plaintext.all[0].1.show());
        plaintext.are_there("k");
        // What was only needed on the way is gone before the result is.
        cek.are_gone("unwrapped");
    }
    all.iter().for_each(|(name, secrets)| secrets.are_gone(&format!("{name}, decrypted")));
}
