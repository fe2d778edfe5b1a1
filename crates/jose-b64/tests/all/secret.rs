use core::fmt::Display;
use core::ops::Deref;
use jose_b64::{Error, Foreign, Secret};
use zeroize::{ZeroizeOnDrop, Zeroizing};

/// Does not compile if the type has the trait: `item` were ambiguous.
macro_rules! assert_lacks {
    ($type:ty: $trait:path) => {{
        trait Lacks<Marker> {
            fn item() {}
        }
        struct Has;
        impl<T: ?Sized> Lacks<()> for T {}
        impl<T: ?Sized + $trait> Lacks<Has> for T {}
        <$type as Lacks<_>>::item();
    }};
}

/// Covers G3.
#[test]
fn a_secret_has_no_other_way_out() {
    assert_lacks!(Secret: Display);
    assert_lacks!(Secret: Deref);
    assert_lacks!(Secret: AsRef<[u8]>);
    assert_lacks!(Secret: serde::Serialize);
}

#[test]
fn a_secret_is_wiped_when_dropped() {
    fn assert_wiped<T: ZeroizeOnDrop>(_: &T) {}
    assert_wiped(&Secret::from(vec![1]));
}

#[test]
fn octets_go_in_and_come_out() {
    let secret = Secret::from_base64url(b"A-z_4ME").unwrap();
    assert_eq!(secret.expose(), [3, 236, 255, 224, 193]);
    assert_eq!((secret.len(), secret.is_empty()), (5, false));
    assert_eq!(*secret.to_base64url(), "A-z_4ME");
    assert_eq!(Secret::from(Zeroizing::new(secret.expose().to_vec())), secret.clone());
    assert!(Secret::from(Vec::new()).is_empty());
}

/// Covers G1.
#[test]
fn equality_is_of_all_octets() {
    let secret = Secret::from(vec![7; 32]);
    assert_eq!(secret, Secret::from(vec![7; 32]));
    for at in 0..32 {
        let mut other = vec![7; 32];
        other[at] ^= 0x80;
        assert_ne!(secret, Secret::from(other));
    }
    assert_ne!(secret, Secret::from(vec![7; 31]));
    assert_ne!(secret, Secret::from(vec![7; 33]));
}

/// Covers W16.
#[test]
fn a_lax_text_is_refused() {
    assert_eq!(Secret::from_base64url(b"A+z/4ME"), Err(Error::Character { at: 1, kind: Foreign::Base64 }));
    assert_eq!(Secret::from_base64url(b"A-z_4MF"), Err(Error::TrailingBits));
    assert_eq!(Secret::from_base64url(b"A"), Err(Error::Length));
}

#[cfg(feature = "serde")]
#[test]
fn serde_reads_it_strictly() {
    let secret = Secret::from(vec![3, 236, 255, 224, 193]);
    assert_eq!(serde_json::from_str::<Secret>(r#""A-z_4ME""#).unwrap(), secret);
    assert_eq!(serde_json::from_str::<Secret>(r#""\u0041-z_4ME""#).unwrap(), secret);
    assert_eq!(serde_json::from_value::<Secret>("A-z_4ME".into()).unwrap(), secret);
    for text in [r#""A-z_4ME=""#, r#""A-z_4MF""#, r#""A""#, "1", "null", "[3,236]", "{}"] {
        let error = serde_json::from_str::<Secret>(text).unwrap_err().to_string();
        assert!(!error.contains("A-z"), "{error}");
    }
}
