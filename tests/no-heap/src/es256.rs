//! A JWS signed and verified in buffers of the caller's, and a forged one refused.

use jose_jws::alg::Es256;
use jose_jws::{Error, Header, Key, Verify, compact};
use p256::ecdsa::SigningKey;

pub(crate) fn check() -> Option<()> {
    let signer = SigningKey::from_slice(&[7; 32]).ok()?;
    let other = SigningKey::from_slice(&[8; 32]).ok()?;
    let device = Key::<Es256, _>::new(*signer.verifying_key()).with_kid("dev-7");
    let another = Key::<Es256, _>::new(*other.verifying_key()).with_kid("dev-8");
    let signer = Key::<Es256, _>::new(signer);

    let header = Header { typ: Some("JWT"), kid: Some("dev-7"), ..Header::default() };
    let mut buffer = [0; 256];
    let token = compact::sign_in(&signer, &header, br#"{"sub":"dev-7"}"#, &mut buffer).ok()?;

    let mut room = [0; 256];
    let verified = compact::verify_in(&device, token, &mut room).ok()?;
    (verified.payload() == br#"{"sub":"dev-7"}"#).then_some(())?;
    (verified.header().kid()? == *"dev-7").then_some(())?;

    // Among several keys, the one of that `kid`; and with the wrong one alone, none.
    let keys: [&dyn Verify; 2] = [&another, &device];
    let verified = compact::verify_in(&keys[..], token, &mut room).ok()?;
    (verified.key_index() == 1).then_some(())?;
    (compact::verify_in(&another, token, &mut room).err() == Some(Error::KeyNotFound)).then_some(())?;

    let mut forged = [0; 256];
    let forged = forged.get_mut(..token.len())?;
    forged.copy_from_slice(token.as_bytes());
    *forged.get_mut(token.find('.')? + 1)? ^= 1;
    (compact::verify_in(&device, forged, &mut room).err() == Some(Error::Signature)).then_some(())
}
