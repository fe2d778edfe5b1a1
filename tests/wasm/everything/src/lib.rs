//! The whole library in WebAssembly: the vectors, and the four tasks on the keys, texts and times that JavaScript gives.

use std::error::Error;

use jose_jwe::{DecryptionKey, EncryptionKey, JweAlg, JweEnc};
use jose_jwk::{Jwk, SysRng};
use jose_jws::{Header, JwsAlg, SigningKey, VerifyingKey};
use jose_jwt::{JwtVerifier, NumericDate};
use jose_tests::vectors::VectorFile;
use serde_json::{Map, Value, json};

#[path = "../../exchange.rs"]
mod exchange;
mod host;

type Answer = Result<Value, Box<dyn Error>>;
type Claims = Map<String, Value>;

/// Runs the cases of a vector file, which is the question.
#[allow(unsafe_code, reason = "JavaScript finds what it calls by its name")]
#[unsafe(no_mangle)]
pub extern "C" fn vectors() -> usize {
    host::tell_of_panics();
    exchange::exchange(|text| answered(run(text)))
}

/// Does the `task` of the question, a JSON object.
#[allow(unsafe_code, reason = "JavaScript finds what it calls by its name")]
#[unsafe(no_mangle)]
pub extern "C" fn task() -> usize {
    host::tell_of_panics();
    exchange::exchange(|text| {
        answered(serde_json::from_str(text).map_err(Box::from).and_then(|question: Value| {
            let question = Question(&question);
            match question.text("task")? {
                "generate" => generate(&question),
                "sign" => sign(&question),
                "verify" => verify(&question),
                "encrypt" => encrypt(&question),
                "decrypt" => decrypt(&question),
                other => Err(format!("no task {other:?}").into()),
            }
        }))
    })
}

fn answered(outcome: Answer) -> String {
    match outcome {
        Ok(value) => json!({ "ok": value }).to_string(),
        Err(error) => json!({ "error": error.to_string() }).to_string(),
    }
}

fn run(text: &str) -> Answer {
    let report = VectorFile::parse(text)?.run();
    let (failed, unsupported) = (report.failures().count(), report.unsupported().count());
    Ok(json!({
        "passed": report.passed(),
        "failed": failed,
        "unsupported": unsupported,
        "text": report.to_string(),
    }))
}

struct Question<'q>(&'q Value);

impl<'q> Question<'q> {
    fn text(&self, name: &str) -> Result<&'q str, String> {
        self.0.get(name).and_then(Value::as_str).ok_or_else(|| format!("no text {name:?}"))
    }

    fn key(&self) -> Result<Jwk, Box<dyn Error>> {
        let key = self.0.get("key").ok_or("no key")?;
        Ok(Jwk::from_json(key.to_string())?)
    }

    /// The value of that name among `all`.
    fn named<T: Copy>(&self, name: &str, find: fn(&str) -> Option<T>) -> Result<T, String> {
        let value = self.text(name)?;
        find(value).ok_or_else(|| format!("{name} is {value:?}"))
    }
}

/// A key that is generated with random numbers of JavaScript's: its public part, and a token that it signed.
fn generate(question: &Question<'_>) -> Answer {
    let alg = question.named("alg", JwsAlg::from_name)?;
    let jwk = Jwk::generate(alg, &mut SysRng)?;
    let key = SigningKey::from_jwk(&jwk, alg)?;
    let token = jose_jws::compact::sign(&key, question.text("payload")?.as_bytes(), &Header::new())?;
    Ok(json!({ "key": serde_json::from_str::<Value>(&jwk.to_public()?.to_json())?, "token": token }))
}

fn sign(question: &Question<'_>) -> Answer {
    let key = SigningKey::from_jwk(&question.key()?, question.named("alg", JwsAlg::from_name)?)?;
    let payload = question.text("payload")?.as_bytes();
    Ok(jose_jws::compact::sign(&key, payload, &Header::new().typ("JWT"))?.into())
}

/// Verifies a JWT at `now`, or where the question has none at the system's time.
fn verify(question: &Question<'_>) -> Answer {
    let alg = question.named("alg", JwsAlg::from_name)?;
    let verifier =
        JwtVerifier::new(VerifyingKey::from_jwk(&question.key()?, alg)?).any_issuer().any_audience();
    let token = question.text("token")?;
    let verified = match question.0.get("now").and_then(Value::as_i64) {
        Some(now) => verifier.at(NumericDate::from_seconds(now)).verify::<Claims>(token),
        None => verifier.verify::<Claims>(token),
    };
    Ok(Value::Object(verified?.into_claims().into_custom()))
}

fn encrypt(question: &Question<'_>) -> Answer {
    let key = EncryptionKey::from_jwk(&question.key()?, question.named("alg", JweAlg::from_name)?)?;
    let enc = question.named("enc", JweEnc::from_name)?;
    let plaintext = question.text("plaintext")?.as_bytes();
    Ok(jose_jwe::encrypt(&key, enc, plaintext, &mut SysRng)?.into())
}

fn decrypt(question: &Question<'_>) -> Answer {
    let alg = question.named("alg", JweAlg::from_name)?;
    let key = DecryptionKey::from_jwk(&question.key()?, alg)?;
    let decrypted = jose_jwe::decrypt(&key, question.text("token")?, &mut SysRng)?;
    Ok(str::from_utf8(decrypted.plaintext())?.into())
}
