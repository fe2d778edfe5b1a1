//! `jwt.verify`. `jwt.json` has the claims of the tokens and the options of verification.

use jose_jwa::JweFamily;
use jose_jwk::{JweEnc, JwsAlg, SysRng};
use jose_jwt::{Claims, NumericDate};
use serde_json::{Map, Value, json};

use super::jwe::{Own, shared_algs};
use super::jws::Signer;
use super::{Cases, Keys, Result, flipped_part, name, private, public};
use crate::json;

/// The algorithms that get every token of the table; the others get the first. All libraries for JWTs have
/// these.
const WHOLE_TABLE: [JwsAlg; 3] = [JwsAlg::Hs256, JwsAlg::Rs256, JwsAlg::Es256];

/// One token of the table.
struct Token {
    what: String,
    error: Option<String>,
    typ: Option<String>,
    claims: Map<String, Value>,
    options: Map<String, Value>,
}

impl Token {
    /// The time at which all are verified, and the tokens.
    fn table() -> Result<(i64, Vec<Self>)> {
        let table = json::parse(include_str!("jwt.json"))?;
        let now = table["now"].as_i64().ok_or("no time")?;
        let rows = table["tokens"].as_array().ok_or("no list of tokens")?;
        let tokens = rows.iter().map(|row| {
            let text = |name| row.get(name).and_then(Value::as_str).map(str::to_owned);
            let object = |value: &Value| value.as_object().cloned().unwrap_or_default();
            let mut claims = object(&table["claims"]);
            claims.extend(object(&row["claims"]));
            // Null takes a claim away.
            claims.retain(|_, value| !value.is_null());
            let mut options = Map::from_iter([("now".to_owned(), now.into())]);
            options.extend(object(&row["options"]));
            let what = text("what").ok_or("a token without a name")?;
            Ok(Self { what, error: text("error"), typ: text("typ"), claims, options })
        });
        Ok((now, tokens.collect::<Result<_>>()?))
    }

    fn claims(&self) -> Claims<&Map<String, Value>> {
        Claims::new().without_issued_at().with(&self.claims)
    }

    fn sign(&self, signer: &Signer, now: NumericDate) -> Result<String> {
        let claims = self.claims();
        let token = jose_jwt::Token::at(&claims, now);
        let token = match &self.typ {
            Some(typ) => token.typ(typ),
            None => token,
        };
        Ok(token.sign(&signer.key)?)
    }

    /// Adds the case with these inputs.
    fn case(&self, cases: &mut Cases, id: &[&str], mut members: Value) {
        members["options"] = Value::Object(self.options.clone());
        if let Some(class) = &self.error {
            return cases.invalid(id, "jwt.verify", class, members);
        }
        members["claims"] = Value::Object(self.claims.clone());
        cases.valid(id, "jwt.verify", members);
    }
}

pub(super) fn emit(cases: &mut Cases, keys: &Keys) -> Result {
    let (now, tokens) = Token::table()?;
    let now = NumericDate::from_seconds(now);
    let plain = tokens.first().ok_or("no token")?;
    let signers = Signer::all(keys)?;
    for signer in &signers {
        let (alg, key) = (signer.alg.as_str(), public(&signer.jwk)?);
        let mut some = tokens.iter();
        if !WHOLE_TABLE.contains(&signer.alg) {
            some = std::slice::from_ref(plain).iter();
        }
        for token in some {
            let members = json!({ "key": key, "algs": [alg], "jwt": token.sign(signer, now)? });
            token.case(cases, &["jwt", alg, signer.curve(), &token.what], members);
        }
        let jwt = plain.sign(signer, now)?;
        for (what, part) in [("changed-signature", 2), ("changed-claims", 1)] {
            let members = json!({
                "key": key, "algs": [alg], "jwt": flipped_part(&jwt, part)?, "options": plain.options,
            });
            cases.invalid(&["jwt", alg, signer.curve(), what], "jwt.verify", "signature", members);
        }
    }
    for (index, alg) in shared_algs().enumerate() {
        let enc = JweEnc::ALL[index % JweEnc::ALL.len()];
        let own = Own::new(keys, alg, alg.curves().get(index % alg.curves().len().max(1)).copied(), enc)?;
        encrypted(cases, &own, enc, &signers[index % signers.len()], plain, now)?;
    }
    Ok(())
}

/// Nested, and with a bit of that changed; encrypted and not signed, and that given as the first.
fn encrypted(
    cases: &mut Cases,
    own: &Own,
    enc: JweEnc,
    signer: &Signer,
    token: &Token,
    now: NumericDate,
) -> Result {
    let (alg, signed, key) = (own.alg.as_str(), signer.alg.as_str(), private(&own.jwk)?);
    let inside = format!("nested/{signed}");
    let id = |what| ["jwt", alg, enc.as_str(), name(own.curve), what];
    let verify = public(&signer.jwk)?;
    let both =
        |jwt: String| json!({ "key": verify, "decryption_key": key, "algs": [alg, signed], "jwt": jwt });
    let claims = token.claims();
    let jwt = jose_jwt::Token::at(&claims, now);
    let nested = jwt.sign_then_encrypt(&signer.key, &own.key, enc, &mut SysRng)?;
    let mut forged = both(flipped_part(&nested, 4)?);
    forged["options"] = Value::Object(token.options.clone());
    cases.invalid(&id("changed-tag"), "jwt.verify", "decryption", forged);
    token.case(cases, &id(&inside), both(nested));
    if own.alg.family() == JweFamily::Password {
        // One will do: its iterations take longer than all of the others.
        return Ok(());
    }
    let jwt = jwt.encrypt(&own.key, enc, &mut SysRng)?;
    let members = json!({ "decryption_key": key, "algs": [alg], "jwt": jwt });
    token.case(cases, &id("encrypted"), members);
    let mut members = both(jwt);
    members["options"] = Value::Object(token.options.clone());
    cases.invalid(&id("not-signed"), "jwt.verify", "malformed", members);
    Ok(())
}
