//! Content that is encrypted, and a large one that is signed.

use std::error::Error;

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{
    BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt as _, BlockModeEncrypt as _, BlockSizeUser,
    KeyInit, KeyIvInit as _, consts,
};
use aes_gcm::{AesGcm, aead::AeadInOut as _};
use base64_simd::{AsOut as _, URL_SAFE_NO_PAD as BASE64URL};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use hmac::{Hmac, Mac};
use jose_jwe::{DecryptionKey, EncryptionKey, JweAlg, JweEnc};
use jose_jwk::{Jwk, JwsAlg, KeySpec, SysRng};
use jose_jws::{Header, SigningKey, VerifyingKey, compact};
use rand_core::TryRng as _;
use sha2::{Sha256, Sha384, Sha512};

use crate::measure::{Group, Kind};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// From which length on the base64url of the content is part of what the primitives do.
const LARGE: usize = 1 << 16;

/// With key, IV, buffer and the length of the plaintext: the length of the ciphertext, and the tag.
type Seal = fn(&[u8], &[u8], &mut [u8], usize) -> Sealed;
type Sealed = Option<(usize, [u8; 32])>;

/// With key, IV, buffer and tag: the length of the plaintext.
type Open = fn(&[u8], &[u8], &mut [u8], &[u8]) -> Length;
type Length = Option<usize>;

#[derive(Clone, Copy)]
struct Cipher {
    seal: Seal,
    open: Open,
}

trait Block: BlockSizeUser<BlockSize = consts::U16> + BlockCipherEncrypt + BlockCipherDecrypt + KeyInit {}
impl<C: BlockSizeUser<BlockSize = consts::U16> + BlockCipherEncrypt + BlockCipherDecrypt + KeyInit> Block
    for C
{
}

fn gcm<C: Block>() -> Cipher {
    Cipher {
        seal: |key, iv, buffer, len| {
            let cipher = AesGcm::<C, consts::U12>::new_from_slice(key).ok()?;
            let sealed =
                cipher.encrypt_inout_detached(iv.try_into().ok()?, AAD, (&mut buffer[..len]).into()).ok()?;
            let mut tag = [0; 32];
            tag[..16].copy_from_slice(&sealed);
            Some((len, tag))
        },
        open: |key, iv, buffer, tag| {
            let (len, cipher) = (buffer.len(), AesGcm::<C, consts::U12>::new_from_slice(key).ok()?);
            cipher
                .decrypt_inout_detached(iv.try_into().ok()?, AAD, buffer.into(), tag.try_into().ok()?)
                .ok()?;
            Some(len)
        },
    }
}

/// The MAC over the whole ciphertext, then the cipher over all of it.
fn cbc_hmac<C: Block, M: Mac + KeyInit>() -> Cipher {
    fn mac<M: Mac + KeyInit>(key: &[u8], iv: &[u8], ciphertext: &[u8]) -> Option<M> {
        let mac = <M as KeyInit>::new_from_slice(key).ok()?;
        let bits = u64::try_from(AAD.len() * 8).ok()?.to_be_bytes();
        Some(mac.chain_update(AAD).chain_update(iv).chain_update(ciphertext).chain_update(bits))
    }
    Cipher {
        seal: |key, iv, buffer, len| {
            let (mac_key, key) = key.split_at(key.len() / 2);
            let ciphertext = cbc::Encryptor::<C>::new_from_slices(key, iv).ok()?;
            let ciphertext = ciphertext.encrypt_padded::<Pkcs7>(buffer, len).ok()?;
            let sealed = mac::<M>(mac_key, iv, ciphertext)?.finalize().into_bytes();
            let mut tag = [0; 32];
            let half = sealed.len() / 2;
            tag[..half].copy_from_slice(&sealed[..half]);
            Some((ciphertext.len(), tag))
        },
        open: |key, iv, buffer, tag| {
            let (mac_key, key) = key.split_at(key.len() / 2);
            mac::<M>(mac_key, iv, buffer)?.verify_truncated_left(tag).ok()?;
            Some(
                cbc::Decryptor::<C>::new_from_slices(key, iv)
                    .ok()?
                    .decrypt_padded::<Pkcs7>(buffer)
                    .ok()?
                    .len(),
            )
        },
    }
}

/// What a header becomes: its length is of no account.
const AAD: &[u8] = b"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0";

fn cipher(enc: JweEnc) -> Result<Cipher> {
    Ok(match enc {
        JweEnc::A128Gcm => gcm::<aes::Aes128>(),
        JweEnc::A192Gcm => gcm::<aes::Aes192>(),
        JweEnc::A256Gcm => gcm::<aes::Aes256>(),
        JweEnc::A128CbcHs256 => cbc_hmac::<aes::Aes128, Hmac<Sha256>>(),
        JweEnc::A192CbcHs384 => cbc_hmac::<aes::Aes192, Hmac<Sha384>>(),
        JweEnc::A256CbcHs512 => cbc_hmac::<aes::Aes256, Hmac<Sha512>>(),
        _ => return Err(format!("{enc} is not measured").into()),
    })
}

fn random(len: usize) -> Result<Vec<u8>> {
    let mut octets = vec![0; len];
    SysRng.try_fill_bytes(&mut octets)?;
    Ok(octets)
}

/// A content, and the key that it is encrypted with directly.
pub struct Content {
    pub enc: JweEnc,
    pub jwk: Jwk,
    pub plaintext: Vec<u8>,
}

impl Content {
    /// A new key, and random content of so many bytes.
    ///
    /// # Errors
    ///
    /// If there are no random numbers.
    pub fn new(enc: JweEnc, len: usize) -> Result<Self> {
        let jwk = Jwk::generate(KeySpec::Oct { len: enc.cek_len() }, &mut SysRng)?;
        Ok(Self { enc, jwk, plaintext: random(len)? })
    }

    fn key(&self) -> Result<Vec<u8>> {
        Ok(self.jwk.expose_secret_member("k").ok_or("no secret")?.to_vec())
    }

    /// The content encrypted.
    ///
    /// # Errors
    ///
    /// If the key does not serve.
    pub fn token(&self) -> Result<String> {
        let key = EncryptionKey::from_jwk(&self.jwk, JweAlg::Dir)?;
        Ok(jose_jwe::encrypt(&key, self.enc, &self.plaintext, &mut SysRng)?)
    }

    /// A random IV, the cipher's key, cipher and MAC in place, the base64url of a large ciphertext; and the JWE.
    ///
    /// # Errors
    ///
    /// If the key does not serve.
    pub fn encrypt(&self, name: String) -> Result<Group> {
        let (cipher, octets) = (cipher(self.enc)?, self.key()?);
        let key = EncryptionKey::from_jwk(&self.jwk, JweAlg::Dir)?;
        let (enc, plaintext, again) = (self.enc, self.plaintext.clone(), self.plaintext.clone());
        let len = plaintext.len();
        let (mut iv, mut buffer) = (vec![0; enc.iv_len()], vec![0; len + 16]);
        let mut text = vec![0; BASE64URL.encoded_length(len + 16)];
        let raw = move || {
            SysRng.try_fill_bytes(&mut iv).expect("there are random numbers");
            buffer[..len].copy_from_slice(&plaintext);
            let (sealed, tag) = (cipher.seal)(&octets, &iv, &mut buffer, len).expect("it encrypts");
            if len >= LARGE {
                assert!(!BASE64URL.encode(&buffer[..sealed], text.as_mut_slice().as_out()).is_empty());
            }
            (sealed, tag)
        };
        // A key of AES-GCM serves a limited number of messages, more than are measured.
        let ours = move || jose_jwe::encrypt(&key, enc, &again, &mut SysRng).expect("it encrypts");
        Ok(Group::new(name).case(Kind::Raw, "RustCrypto", raw).case(Kind::Ours, "jose-jwe", ours))
    }

    /// The base64url of a large ciphertext, the cipher's key, MAC and cipher in place; and the JWE.
    ///
    /// # Errors
    ///
    /// If the key does not serve.
    pub fn decrypt(&self, name: String) -> Result<Group> {
        let (cipher, octets, iv) = (cipher(self.enc)?, self.key()?, random(self.enc.iv_len())?);
        let mut sealed = self.plaintext.clone();
        sealed.resize(self.plaintext.len() + 16, 0);
        let (len, tag) =
            (cipher.seal)(&octets, &iv, &mut sealed, self.plaintext.len()).ok_or("not encrypted")?;
        sealed.truncate(len);
        let tag = tag[..self.enc.tag_len()].to_vec();
        let text = Base64UrlUnpadded::encode_string(&sealed);
        let mut buffer = vec![0; len];
        let raw = move || {
            if len >= LARGE {
                BASE64URL.decode(text.as_bytes(), buffer.as_mut_slice().as_out()).expect("it is base64url");
            } else {
                buffer.copy_from_slice(&sealed);
            }
            (cipher.open)(&octets, &iv, &mut buffer, &tag).expect("it decrypts")
        };
        let key = DecryptionKey::from_jwk(&self.jwk, JweAlg::Dir)?;
        let token = self.token()?;
        if jose_jwe::decrypt(&key, &token, &mut SysRng)?.plaintext() != self.plaintext {
            return Err("another plaintext".into());
        }
        let ours = move || jose_jwe::decrypt(&key, &token, &mut SysRng).expect("it decrypts");
        Ok(Group::new(name).case(Kind::Raw, "RustCrypto", raw).case(Kind::Ours, "jose-jwe", ours))
    }
}

/// A JWS of HS256 of so many bytes: HMAC over the signing input and base64url, and the JWS in the caller's buffer.
///
/// # Errors
///
/// If the key does not serve.
pub fn large_jws(name: String, len: usize) -> Result<Group> {
    let jwk = Jwk::generate(JwsAlg::Hs256, &mut SysRng)?;
    let signer = SigningKey::from_jwk(&jwk, JwsAlg::Hs256)?;
    let token = compact::sign(&signer, &random(len)?, &Header::new())?;
    let mac = Hmac::<Sha256>::new_from_slice(jwk.expose_secret_member("k").ok_or("no secret")?)?;
    let (input, tag) = token.rsplit_once('.').ok_or("no signature")?;
    let (input, tag) = (input.to_owned(), Base64UrlUnpadded::decode_vec(tag)?);
    let mut payload = vec![0; len];
    let raw = move || {
        mac.clone().chain_update(&input).verify_slice(&tag).expect("it verifies");
        let text = input.split_once('.').map_or("", |(_, text)| text);
        BASE64URL.decode(text.as_bytes(), payload.as_mut_slice().as_out()).expect("it is base64url").len()
    };
    let key = VerifyingKey::from_jwk(&jwk, JwsAlg::Hs256)?;
    let mut buffer = vec![0; token.len()];
    let ours = move || compact::verify_into(&key, &token, &mut buffer).expect("it verifies").payload().len();
    Ok(Group::new(name).case(Kind::Raw, "RustCrypto", raw).case(Kind::Ours, "jose-jws", ours))
}
