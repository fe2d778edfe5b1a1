//! What the types promise.

use jose_sd_jwt::jwt::VerifyingKey;
use jose_sd_jwt::{
    DisclosureError, Error, Issued, KeyBinding, Presented, Received, RequireKeyBinding, SdJwtVerifier,
    Unbound, Verified,
};

use super::help::*;

fn is_shared<T: Send + Sync + Clone>() {}

#[test]
fn verifiers_and_results_are_shared_by_threads() {
    is_shared::<SdJwtVerifier<VerifyingKey, Unbound>>();
    is_shared::<SdJwtVerifier<VerifyingKey, RequireKeyBinding>>();
    is_shared::<Verified<Claims>>();
    is_shared::<Received>();
    is_shared::<Issued>();
    is_shared::<Presented>();
    is_shared::<KeyBinding>();
}

/// No claim, disclosure, signature or nonce is shown by `Debug` of what was not verified.
#[test]
fn what_was_not_verified_is_not_shown() {
    let (name, _) = disclosure(r#"["salt","name","Erika"]"#);
    let received = Received::parse(&with(r#""secret":1"#, &[&name])).unwrap();
    let shown = format!("{received:?}");
    assert!(!shown.contains(&name) && !shown.contains("eyJ"), "{shown}");
    assert!(received.dangerous_payload().unwrap().contains("secret"));
}

#[test]
fn each_error_says_what_it_is() {
    let refused = [
        Error::Separator,
        Error::HashUnknown,
        Error::DigestRepeated,
        Error::DigestMisplaced,
        Error::NameReserved,
        Error::KeyBindingMissing,
        Error::KeyBindingUnexpected,
        Error::HolderKey,
        Error::SdHash,
        Error::CredentialType,
        Error::TooLong { max: 1 },
        Error::DisclosuresTooMany { max: 1 },
        Error::Member("x"),
        Error::Disclosure { index: 3, reason: DisclosureError::Unreferenced },
    ];
    for error in refused {
        assert!(error.is_refusal() && !error.code().is_empty() && !error.to_string().is_empty(), "{error:?}");
    }
    let own = [Error::Rng, Error::Form, Error::Pointer("/x".into()), Error::StatusValue];
    assert!(own.iter().all(|error| !error.is_refusal()));
    let error = Error::Disclosure { index: 3, reason: DisclosureError::Unreferenced };
    assert_eq!(error.code(), "disclosure-unreferenced");
    assert_eq!(error.to_string(), "the disclosure at place 3 is not referenced by a digest");
}
