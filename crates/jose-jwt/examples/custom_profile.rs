//! Tokens of an application's own kind: links that invite somebody to a room, each good for one use.

use core::error::Error;
use core::time::Duration;

use jose_jwt::profile::Profile;
use jose_jwt::{
    Claims, Curve, Error as JwtError, Jwk, JwsAlg, JwtVerifier, MemoryReplayGuard, NumericDate, Reason,
    SigningKey, SysRng, Token, VerifyingKey, random_id,
};
use serde::{Deserialize, Serialize};

/// What an invitation says besides the registered claims.
#[derive(Serialize, Deserialize)]
struct Invitation {
    room: String,
    role: Role,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Role {
    Guest,
    Host,
}

/// The `typ` keeps other tokens of the same issuer out; the rules come before the claims are read as an [`Invitation`].
const INVITATION: Profile = Profile::new("invitation")
    .typ(&["invitation+jwt"])
    .typ_required()
    .required(&["sub", "jti", "room", "role"])
    .prohibited(&["scope"])
    .check(|checked| match checked.text("room")? {
        Some(room) if room == "" => {
            Err(JwtError::Claim { claim: "room".into(), reason: Reason::Invalid, expected: None })
        }
        _ => Ok(()),
    });

/// What the application answers to who follows a link.
fn answer(verifier: &JwtVerifier<VerifyingKey>, used: &MemoryReplayGuard, token: &str) -> String {
    let verify = || verifier.at(NumericDate::now()?).once(used).verify::<Invitation>(token);
    match verify() {
        Ok(verified) => {
            let claims = verified.claims();
            let Invitation { room, role } = claims.custom();
            format!("welcome to {room}, {}, as {role:?}", claims.sub().unwrap_or("nobody"))
        }
        Err(error) => format!("{}: {error}", error.code()),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let jwk = Jwk::generate(Curve::P256, &mut SysRng)?.with_kid("rooms-1");
    let key = SigningKey::try_from(&jwk)?;
    let issue = |typ: &str, claims: serde_json::Value| -> Result<String, Box<dyn Error>> {
        let claims = Claims::new()
            .issuer("https://rooms.example")
            .audience("https://rooms.example/join")
            .subject("alice")
            .jwt_id(random_id(&mut SysRng)?)
            .expires_in(Duration::from_secs(86_400))
            .with(claims);
        Ok(Token::new(&claims).typ(typ).sign(&key)?)
    };

    let verifier = JwtVerifier::new(VerifyingKey::from_jwk(&jwk, JwsAlg::Es256)?)
        .issuer("https://rooms.example")
        .audience("https://rooms.example/join")
        .max_lifetime(Duration::from_secs(86_400))
        .profile(INVITATION);
    let used = MemoryReplayGuard::new(100_000);
    let guest = serde_json::to_value(Invitation { room: "kitchen".into(), role: Role::Guest })?;
    let link = issue("invitation+jwt", guest.clone())?;
    println!("{}", answer(&verifier, &used, &link));
    println!("{}", answer(&verifier, &used, &link));
    println!("{}", answer(&verifier, &used, &issue("JWT", guest)?));
    for claims in [
        serde_json::json!({ "room": "kitchen" }),
        serde_json::json!({ "room": "", "role": "guest" }),
        serde_json::json!({ "room": "kitchen", "role": "owner" }),
    ] {
        println!("{}", answer(&verifier, &used, &issue("invitation+jwt", claims)?));
    }
    Ok(())
}
