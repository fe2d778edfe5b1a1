//! `jwe.decrypt`.

use jose_jwa::JweFamily;
use jose_jwe::hazmat::{self, Fixed, FixedRecipient};
use jose_jwe::{DecryptionKey, EncryptionKey, Header, Message, Recipient};
use jose_jwk::{Curve, JweAlg, JweEnc, Jwk, KeySpec, SysRng};
use serde_json::{Value, json};

use super::{
    BIG, Cases, Form, Keys, Result, SIZES, encode, flipped_member, flipped_part, json_value, kinds, name,
    private, random,
};

/// The content of a message besides its plaintext.
struct Shape {
    name: &'static str,
    /// Members of the protected header.
    protected: Option<&'static str>,
    unprotected: Option<&'static str>,
    /// Members of the recipient's header.
    own: Option<&'static str>,
    aad: Option<&'static [u8]>,
    compress: bool,
    /// Whether a password goes through the default number of iterations of `jose-jwe`.
    many_iterations: bool,
}

/// The iterations of PBES2 otherwise: some implementations accept no more than ten thousand.
const FEW: u32 = 4_096;

const PARTIES: &str = r#"{"apu":"QWxpY2U","apv":"Qm9i"}"#;

const PLAIN: Shape = Shape {
    name: "",
    protected: None,
    unprotected: None,
    own: None,
    aad: None,
    compress: false,
    many_iterations: false,
};

const AAD: Shape = Shape { name: "aad", aad: Some(b"not encrypted"), ..PLAIN };

/// The key of one recipient, for one algorithm.
pub(super) struct Own {
    pub(super) alg: JweAlg,
    pub(super) curve: Option<Curve>,
    pub(super) jwk: Jwk,
    pub(super) key: EncryptionKey,
}

impl Own {
    pub(super) fn new(keys: &Keys, alg: JweAlg, curve: Option<Curve>, enc: JweEnc) -> Result<Self> {
        let jwk = match (curve, alg.family()) {
            (Some(curve), _) => keys.generate(curve)?,
            (None, JweFamily::KeyEncryption) => keys.generate(KeySpec::Rsa { bits: 2048 })?,
            (None, JweFamily::Direct) => keys.generate(KeySpec::Oct { len: enc.cek_len() })?,
            // A password: text, since some implementations accept nothing else.
            (None, JweFamily::Password) => Jwk::from_octets(encode(&random(15)?).into_bytes())?,
            (None, _) => {
                keys.generate(KeySpec::Oct { len: alg.kek_len().ok_or("a key of no known length")? })?
            }
        };
        Ok(Self { alg, curve, key: EncryptionKey::from_jwk(&jwk, alg)?, jwk })
    }

    fn is_direct(&self) -> bool {
        matches!(self.alg, JweAlg::Dir | JweAlg::EcdhEs)
    }

    fn encrypt(&self, form: Form, enc: JweEnc, shape: &Shape, plaintext: &[u8]) -> Result<Value> {
        if self.alg.family() == JweFamily::Password && !shape.many_iterations {
            return self.encrypt_with_few_iterations(form, enc, shape, plaintext);
        }
        let header = Header::new().parameters(shape.protected.unwrap_or("{}"))?;
        let message = message(enc, shape).header(header);
        let recipient = Recipient::new(&self.key);
        let recipient = shape.own.map_or(recipient, |own| recipient.header(own));
        Ok(match form {
            Form::Compact => message.compact(&self.key, plaintext, &mut SysRng)?.into(),
            Form::Flattened => json_value(&message.flattened(recipient, plaintext, &mut SysRng)?)?,
            Form::General => json_value(&message.general(&[recipient], plaintext, &mut SysRng)?)?,
        })
    }

    fn encrypt_with_few_iterations(
        &self,
        form: Form,
        enc: JweEnc,
        shape: &Shape,
        plaintext: &[u8],
    ) -> Result<Value> {
        let (alg, enc_name, salt) = (self.alg.as_str(), enc.as_str(), encode(&random(16)?));
        let protected = json!({ "alg": alg, "enc": enc_name, "p2s": salt, "p2c": FEW }).to_string();
        let message = Fixed {
            form: match form {
                Form::Compact => hazmat::Form::Compact,
                Form::Flattened => hazmat::Form::Flattened,
                Form::General => hazmat::Form::General,
            },
            protected: Some(&protected),
            unprotected: shape.unprotected,
            aad: shape.aad,
            cek: Some(&random(enc.cek_len())?),
            iv: &random(enc.iv_len())?,
            recipients: vec![FixedRecipient {
                key: &self.key,
                header: shape.own,
                epk: None,
                iv: None,
                ikm: None,
            }],
        };
        let text = message.encrypt(plaintext)?;
        Ok(if form == Form::Compact { text.into() } else { json_value(&text)? })
    }
}

fn message<'m>(enc: JweEnc, shape: &Shape) -> Message<'m> {
    let message = Message::new(enc).aad(shape.aad.unwrap_or_default());
    let message = shape.unprotected.map_or(message, |members| message.unprotected(members));
    if shape.compress { message.compress() } else { message }
}

/// The algorithms that other implementations know too: none reads HPKE.
pub(super) fn shared_algs() -> impl Iterator<Item = JweAlg> {
    JweAlg::ALL.iter().copied().filter(|alg| !alg.is_hpke())
}

pub(super) fn emit(cases: &mut Cases, keys: &Keys) -> Result {
    let mut families: Vec<JweFamily> = Vec::new();
    let mut indirect = Vec::new();
    let pairs = shared_algs().flat_map(|alg| kinds(alg.curves()).into_iter().map(move |curve| (alg, curve)));
    for (index, (alg, curve)) in pairs.enumerate() {
        for (offset, enc) in JweEnc::ALL.iter().enumerate() {
            let own = Own::new(keys, alg, curve, *enc)?;
            let size = SIZES[(index + offset) % SIZES.len()];
            one(cases, &own, Form::Compact, *enc, &PLAIN, size)?;
            if alg.family() == JweFamily::Direct {
                one(cases, &own, Form::Compact, *enc, &PLAIN, BIG)?;
                forgeries(cases, &own, *enc)?;
            }
        }
        let enc = JweEnc::ALL[index % JweEnc::ALL.len()];
        let own = Own::new(keys, alg, curve, enc)?;
        spread(cases, &own, enc, SIZES[index % SIZES.len()])?;
        if alg.family() != JweFamily::Direct {
            forgeries(cases, &own, enc)?;
        }
        not_allowed(cases, &own, enc)?;
        if !families.contains(&alg.family()) {
            families.push(alg.family());
            one(cases, &own, Form::Flattened, enc, &PLAIN, BIG)?;
        }
        if !own.is_direct() {
            indirect.push(own);
        }
    }
    for (index, owns) in indirect.chunks(3).enumerate() {
        several(cases, owns, JweEnc::ALL[index % JweEnc::ALL.len()])?;
    }
    Ok(())
}

/// The further shapes of messages to one recipient.
fn spread(cases: &mut Cases, own: &Own, enc: JweEnc, size: usize) -> Result {
    let zip = Shape { name: "zip", compress: true, ..PLAIN };
    let unprotected = Shape {
        name: "unprotected",
        unprotected: Some(r#"{"note":"for all"}"#),
        own: Some(r#"{"hint":"for one"}"#),
        ..PLAIN
    };
    one(cases, own, Form::Flattened, enc, &PLAIN, size)?;
    one(cases, own, Form::Flattened, enc, &AAD, size)?;
    one(cases, own, Form::Flattened, enc, &unprotected, size)?;
    one(cases, own, Form::General, enc, &PLAIN, size)?;
    if own.alg.family() == JweFamily::KeyAgreement {
        let parties = Shape { name: "apu-apv", protected: Some(PARTIES), ..PLAIN };
        let outside = Shape { name: "apu-apv-unprotected", own: Some(PARTIES), ..PLAIN };
        one(cases, own, Form::Compact, enc, &parties, size)?;
        one(cases, own, Form::Flattened, enc, &parties, size)?;
        one(cases, own, Form::General, enc, &outside, size)?;
    }
    if own.alg.family() == JweFamily::Password {
        let many = Shape { name: "many-iterations", many_iterations: true, ..PLAIN };
        one(cases, own, Form::Compact, enc, &many, size)?;
    } else {
        one(cases, own, Form::Compact, enc, &zip, 1_000)?;
        one(cases, own, Form::General, enc, &Shape { name: "aad-zip", compress: true, ..AAD }, size)?;
    }
    Ok(())
}

/// One message.
fn one(cases: &mut Cases, own: &Own, form: Form, enc: JweEnc, shape: &Shape, size: usize) -> Result {
    let mut plaintext = random(size)?;
    if shape.compress {
        // Something to compress: each byte four times.
        plaintext = plaintext.iter().flat_map(|octet| [*octet; 4]).take(size).collect();
    }
    let members = json!({
        "key": private(&own.jwk)?, "algs": [own.alg.as_str()],
        "jwe": own.encrypt(form, enc, shape, &plaintext)?, "zip": shape.compress.then_some(true),
        "plaintext_b64u": encode(&plaintext),
    });
    let size = size.to_string();
    let id = ["jwe", own.alg.as_str(), enc.as_str(), form.name(), name(own.curve), shape.name, &size];
    cases.valid(&id, "jwe.decrypt", members);
    Ok(())
}

/// What must be refused: a bit changed in any part of the message.
fn forgeries(cases: &mut Cases, own: &Own, enc: JweEnc) -> Result {
    let (alg, key, plaintext) = (own.alg.as_str(), private(&own.jwk)?, random(17)?);
    let mut refused = |form: Form, what: &str, jwe: Value| {
        let id = ["jwe", alg, enc.as_str(), form.name(), name(own.curve), what];
        let members = json!({ "key": key, "algs": [alg], "jwe": jwe });
        cases.invalid(&id, "jwe.decrypt", "decryption", members);
    };
    let jwe = own.encrypt(Form::Compact, enc, &PLAIN, &plaintext)?;
    let token = jwe.as_str().unwrap_or_default();
    let parts = ["changed-encrypted-key", "changed-iv", "changed-ciphertext", "changed-tag"];
    for (what, part) in parts.iter().zip(1..).skip(usize::from(own.is_direct())) {
        refused(Form::Compact, what, flipped_part(token, part)?.into());
    }
    let jwe = own.encrypt(Form::Flattened, enc, &AAD, &plaintext)?;
    refused(Form::Flattened, "changed-aad", flipped_member(&jwe, "/aad")?);
    Ok(())
}

/// What must be refused: good messages whose algorithm or content encryption the caller did not name.
fn not_allowed(cases: &mut Cases, own: &Own, enc: JweEnc) -> Result {
    let (alg, key) = (own.alg, private(&own.jwk)?);
    let jwe = own.encrypt(Form::Compact, enc, &PLAIN, &random(17)?)?;
    let mut refused = |what, algs: &[JweAlg], encs: &[JweEnc]| {
        let id = ["jwe", alg.as_str(), enc.as_str(), "compact", name(own.curve), what];
        let algs: Vec<_> = algs.iter().map(|alg| alg.as_str()).collect();
        let encs: Vec<_> = encs.iter().map(|enc| enc.as_str()).collect();
        let members = json!({ "key": key, "algs": algs, "encs": encs, "jwe": jwe });
        cases.invalid(&id, "jwe.decrypt", "algorithm", members);
    };
    let others = JweAlg::for_key(own.jwk.key_type(), own.jwk.curve());
    let serves = |other: &JweAlg| *other != alg && DecryptionKey::from_jwk(&own.jwk, *other).is_ok();
    if let Some(other) = others.iter().find(serves) {
        refused("other-algorithm-allowed", &[other], &[enc]);
    }
    if alg.family() != JweFamily::Direct {
        let others: Vec<_> = JweEnc::ALL.iter().copied().filter(|other| *other != enc).collect();
        refused("other-enc-allowed", &[alg], &others);
    }
    Ok(())
}

/// One message to several recipients: each can decrypt it alone, and so can the holder of all the keys.
fn several(cases: &mut Cases, owns: &[Own], enc: JweEnc) -> Result {
    let mut named = Vec::new();
    for own in owns {
        let jwk = own.jwk.clone().with_kid([own.alg.as_str(), name(own.curve)].join(" ").trim_end());
        named.push((EncryptionKey::from_jwk(&jwk, own.alg)?, private(&jwk)?));
    }
    let recipients: Vec<_> =
        named.iter().map(|(key, _)| Recipient::new(key).header(r#"{"hint":"for one"}"#)).collect();
    let plaintext = random(17)?;
    let text = message(enc, &AAD).general(&recipients, &plaintext, &mut SysRng)?;
    let jwe: Value = json_value(&text)?;
    let count = owns.len().to_string();
    let message = json!({ "encs": [enc.as_str()], "jwe": jwe, "plaintext_b64u": encode(&plaintext) });
    let members = |key: &Value, algs: &[&str]| {
        let mut members = message.clone();
        members["key"] = key.clone();
        members["algs"] = json!(algs);
        members
    };
    for (own, (_, key)) in owns.iter().zip(&named) {
        let id = ["jwe", own.alg.as_str(), enc.as_str(), "general", name(own.curve), "one-of", &count];
        cases.valid(&id, "jwe.decrypt", members(key, &[own.alg.as_str()]));
    }
    let algs: Vec<_> = owns.iter().map(|own| own.alg.as_str()).collect();
    let kinds: Vec<_> = owns.iter().map(|own| name(own.curve)).filter(|name| !name.is_empty()).collect();
    let set: Vec<_> = named.iter().map(|(_, key)| key).collect();
    let id = ["jwe", &algs.join(","), enc.as_str(), "general", &kinds.join(","), "all-of", &count];
    cases.valid(&id, "jwe.decrypt", members(&json!({ "keys": set }), &algs));
    Ok(())
}
