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

    let header = Header::new().typ("JWT").kid("dev-7");
    let mut buffer = [0; 256];
    let token = compact::sign_into(&signer, br#"{"sub":"dev-7"}"#, &header, &mut buffer).ok()?;

    let mut room = [0; 256];
    let verified = compact::verify_into(&device, token, &mut room).ok()?;
    (verified.payload() == br#"{"sub":"dev-7"}"#).then_some(())?;
    (verified.header().kid()? == *"dev-7").then_some(())?;

    // Among several keys, the one of that `kid`; and with the wrong one alone, none.
    let keys: [&dyn Verify; 2] = [&another, &device];
    let verified = compact::verify_into(&keys[..], token, &mut room).ok()?;
    (verified.key_index() == 1).then_some(())?;
    (compact::verify_into(&another, token, &mut room).err() == Some(Error::KidUnknown)).then_some(())?;

    let mut forged = [0; 256];
    let forged = forged.get_mut(..token.len())?;
    forged.copy_from_slice(token.as_bytes());
    *forged.get_mut(token.find('.')? + 1)? ^= 1;
    (compact::verify_into(&device, forged, &mut room).err() == Some(Error::Signature)).then_some(())
}
