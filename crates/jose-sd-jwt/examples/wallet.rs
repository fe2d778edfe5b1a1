//! A credential with an address, from its issuer through a wallet to a verifier, and what each of them has in hand.
//!
//! `cargo run -p jose-sd-jwt --example wallet`

use core::error::Error;
use core::time::Duration;

use jose_sd_jwt::jwt::{Claims, Curve, Jwk, JwsAlg, SigningKey, SysRng, VerifyingKey, random_id};
use jose_sd_jwt::{KeyBinding, Received, RequireKeyBinding, SdJwt, SdJwtVerifier};
use serde::{Deserialize, Serialize};

const ISSUER: &str = "https://issuer.example";
const VERIFIER: &str = "https://shop.example";
const TYPE: &str = "urn:example:resident";

#[derive(Debug, Serialize, Deserialize)]
struct Resident {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<Address>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Address {
    #[serde(skip_serializing_if = "Option::is_none")]
    street: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (issuer, holder) =
        (Jwk::generate(Curve::P256, &mut SysRng)?, Jwk::generate(Curve::P256, &mut SysRng)?);
    let issuer_key = VerifyingKey::from_jwk(&issuer, JwsAlg::Es256)?;

    // The issuer hides the name, the address, and what is in it.
    let address = Address { street: Some("Heidestraße 17".into()), country: Some("DE".into()) };
    let resident = Resident { name: Some("Erika".into()), address: Some(address) };
    let claims = Claims::new().issuer(ISSUER).expires_in(Duration::from_secs(3600)).with(resident);
    let holder_key = holder.to_public()?;
    let issued = SdJwt::new(&claims)
        .credential_type(TYPE)
        .holder_key(&holder_key)
        .conceal(["/name", "/address", "/address/street", "/address/country"])
        .sign(&SigningKey::try_from(&issuer)?, &mut SysRng)?
        .compact();
    println!("The wallet gets {} bytes.", issued.len());

    // The wallet checks it, and shows everything to its owner.
    let wallet =
        SdJwtVerifier::without_key_binding(issuer_key.clone(), |rules| rules.issuer(ISSUER).any_audience());
    let credential = wallet.credential_type(TYPE).verify::<Resident>(&Received::parse(&issued)?)?;
    println!("Its owner sees {:?}", credential.claims().custom());

    // A shop asks for the country, with a nonce for this one request.
    let nonce = random_id(&mut SysRng)?;
    let presentation = credential
        .present()
        .disclose(["/address/country"])?
        .bind(&SigningKey::try_from(&holder)?, &KeyBinding::new(VERIFIER, nonce.as_str()))?
        .compact()?;

    let required = RequireKeyBinding::new(VERIFIER, JwsAlg::Es256, Duration::from_secs(60));
    let shop =
        SdJwtVerifier::with_key_binding(issuer_key, |rules| rules.issuer(ISSUER).any_audience(), required)
            .credential_type(TYPE);
    let verified = shop.verify::<Resident>(&Received::parse(&presentation)?, &nonce)?;
    println!("The shop sees {:?}", verified.claims().custom());

    // Nobody else can use it, nor can it be used again.
    let again = shop.verify::<Resident>(&Received::parse(&presentation)?, &random_id(&mut SysRng)?);
    println!("Sent again: {}", again.err().map_or_else(String::new, |error| error.to_string()));
    Ok(())
}
