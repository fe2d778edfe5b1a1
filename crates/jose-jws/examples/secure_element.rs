//! Signs on a device whose key is in a secure element and never comes out: the two-step form, with a chip that signs
//! digests and takes its time.
//!
//! Nothing but `main`, which prints, needs more than `core`: the token is written into a buffer of the device's.
//!
//! Run it with `cargo run -p jose-jws --example secure_element`.

use core::fmt;
use std::io::{self, Write as _};

use jose_jws::alg::Es256;
use jose_jws::compact::{self, Unsigned};
use jose_jws::{Header, JwsAlg, Key};
use p256::ecdsa::VerifyingKey;
use sha2::{Digest as _, Sha256};

/// The claims that the device sends.
const CLAIMS: &[u8] = br#"{"iss":"dev-7","aud":"fleet","iat":1767225600,"exp":1767229200}"#;
/// What the device's key is called.
const KID: &str = "dev-7";

fn main() -> Result<(), Error> {
    let mut element = Element { bus: chip::Chip::new()? };
    // At home, once: the public key is read and handed to whoever verifies.
    let public = element.public_key()?;

    let mut buffer = [0; 256];
    let token = sign(&mut element, CLAIMS, &mut buffer)?;

    let mut room = [0; 256];
    let verified = compact::verify_into(&Key::<Es256, _>::new(public).with_kid(KID), token, &mut room)?;
    writeln!(io::stdout(), "{token}\nverified: {}", verified.text()?).map_err(|_| Error::Bus)
}

/// A JWT that the element's key signed.
fn sign<'b, B: Bus>(element: &mut Element<B>, claims: &[u8], buffer: &'b mut [u8]) -> Result<&'b str, Error> {
    let header = Header::new().typ("JWT").kid(KID);
    // The first step: everything but the signature.
    let unsigned = Unsigned::new_into(JwsAlg::Es256, claims, &header, buffer)?;
    element.start_signing(&Sha256::digest(unsigned.signing_input()).into())?;
    let signature = loop {
        // A device would sleep, or do something else.
        if let Some(signature) = element.signature()? {
            break signature;
        }
    };
    // The second. `R` and `S` stand side by side, as JWS has them; from a chip that answers in DER they are taken out.
    Ok(unsigned.attach(&signature)?)
}

/// What goes over the wires: a command, and later its answer.
trait Bus {
    fn write(&mut self, command: &[u8]) -> Result<(), Error>;

    /// Fills `answer`, or says that there is none yet.
    fn read(&mut self, answer: &mut [u8]) -> Result<bool, Error>;
}

/// The driver of the secure element.
struct Element<B> {
    bus: B,
}

impl<B: Bus> Element<B> {
    fn public_key(&mut self) -> Result<VerifyingKey, Error> {
        self.bus.write(&[chip::PUBLIC_KEY])?;
        // The coordinates, with the octet before them that SEC 1 wants.
        let mut point = [4; 65];
        let (_, coordinates) = point.split_at_mut(1);
        while !self.bus.read(coordinates)? {}
        VerifyingKey::from_sec1_bytes(&point).map_err(|_| Error::Bus)
    }

    fn start_signing(&mut self, digest: &[u8; 32]) -> Result<(), Error> {
        let mut command = [chip::SIGN; 33];
        let (_, place) = command.split_at_mut(1);
        place.copy_from_slice(digest);
        self.bus.write(&command)
    }

    fn signature(&mut self) -> Result<Option<[u8; 64]>, Error> {
        let mut signature = [0; 64];
        Ok(self.bus.read(&mut signature)?.then_some(signature))
    }
}

#[derive(Debug)]
enum Error {
    /// The element does not answer, or not what it should.
    Bus,
    Jws(jose_jws::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bus => f.write_str("the secure element does not answer"),
            Self::Jws(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for Error {}

impl From<jose_jws::Error> for Error {
    fn from(error: jose_jws::Error) -> Self {
        Self::Jws(error)
    }
}

/// A stand-in for the chip. Only it has the private key.
mod chip {
    use p256::ecdsa::{Signature, SigningKey};
    use signature::hazmat::PrehashSigner as _;

    use crate::{Bus, Error};

    /// Asks for the coordinates of the public key.
    pub(crate) const PUBLIC_KEY: u8 = 0x40;
    /// With 32 octets: asks for the signature of this digest.
    pub(crate) const SIGN: u8 = 0x41;

    pub(crate) struct Chip {
        key: SigningKey,
        answer: [u8; 64],
        /// How often it is asked in vain.
        busy: u8,
    }

    impl Chip {
        pub(crate) fn new() -> Result<Self, Error> {
            // A chip draws its key when it is made; this one is for the example alone.
            let key = SigningKey::from_slice(&[7; 32]).map_err(|_| Error::Bus)?;
            Ok(Self { key, answer: [0; 64], busy: 0 })
        }
    }

    impl Bus for Chip {
        fn write(&mut self, command: &[u8]) -> Result<(), Error> {
            match command.split_first() {
                Some((&PUBLIC_KEY, [])) => {
                    let point = self.key.verifying_key().to_sec1_point(false);
                    let coordinates =
                        point.as_bytes().split_first().and_then(|(_, rest)| rest.try_into().ok());
                    self.answer = coordinates.ok_or(Error::Bus)?;
                }
                Some((&SIGN, digest)) if digest.len() == 32 => {
                    let signature: Signature = self.key.sign_prehash(digest).map_err(|_| Error::Bus)?;
                    self.answer = signature.to_bytes().into();
                }
                _ => return Err(Error::Bus),
            }
            self.busy = 3;
            Ok(())
        }

        fn read(&mut self, answer: &mut [u8]) -> Result<bool, Error> {
            if self.busy > 0 {
                self.busy = self.busy.saturating_sub(1);
                return Ok(false);
            }
            answer.copy_from_slice(self.answer.get(..answer.len()).ok_or(Error::Bus)?);
            Ok(true)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bus, Element, Error, main, sign};

    #[test]
    fn the_example_runs() {
        main().unwrap();
    }

    /// J01: an element that does not answer leaves no token.
    #[test]
    fn an_element_that_fails_is_an_error() {
        struct Cut;
        impl Bus for Cut {
            fn write(&mut self, _: &[u8]) -> Result<(), Error> {
                Ok(())
            }
            fn read(&mut self, _: &mut [u8]) -> Result<bool, Error> {
                Err(Error::Bus)
            }
        }
        assert!(matches!(sign(&mut Element { bus: Cut }, b"{}", &mut [0; 256]), Err(Error::Bus)));
    }
}
