//! The registered claims (RFC 7519 section 4.1) of a claims set's text.

use jose_b64::json::{self, Array, Object, Str, Value};

use crate::error::{Error, Reason};
use crate::numeric_date::NumericDate;

/// The registered claims of a text. Each has its own JSON type, whether or not anybody asks for it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Registered<'a> {
    pub(crate) object: Object<'a>,
    pub(crate) iss: Option<Str<'a>>,
    pub(crate) sub: Option<Str<'a>>,
    pub(crate) aud: Option<Aud<'a>>,
    pub(crate) exp: Option<NumericDate>,
    pub(crate) nbf: Option<NumericDate>,
    pub(crate) iat: Option<NumericDate>,
    pub(crate) jti: Option<Str<'a>>,
    pub(crate) cnf: Option<Value<'a>>,
}

/// `aud`, which is a string or a list of them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Aud<'a> {
    One(Str<'a>),
    List(Array<'a>),
}

impl<'a> Aud<'a> {
    pub(crate) fn read(value: Value<'a>) -> Option<Self> {
        if let Some(one) = value.as_str() {
            return Some(Self::One(one));
        }
        let list = value.as_array()?;
        list.iter().all(|item| item.as_str().is_some()).then_some(Self::List(list))
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Str<'a>> {
        let (one, list) = match self {
            Self::One(one) => (Some(one), None),
            Self::List(list) => (None, Some(list)),
        };
        let list = list.into_iter().flat_map(|list| list.iter()).filter_map(|item| item.as_str());
        one.into_iter().chain(list)
    }
}

impl<'a> Registered<'a> {
    /// Reads the text of a claims set.
    ///
    /// # Errors
    ///
    /// [`Error::NotClaims`] if it is not one strict JSON object; [`Error::Claim`] with [`Reason::Invalid`] if a registered
    /// claim has the wrong type.
    pub(crate) fn read(text: &'a [u8], max_depth: usize) -> Result<Self, Error> {
        let (mut claims, mut invalid) = (Self::default(), None);
        let object = json::parse_members(text, max_depth, |name, value| {
            let Some(name) = registered(name) else { return };
            let known = match name {
                "iss" => set(&mut claims.iss, value.as_str()),
                "sub" => set(&mut claims.sub, value.as_str()),
                "jti" => set(&mut claims.jti, value.as_str()),
                "cnf" => set(&mut claims.cnf, Some(value)),
                "aud" => set(&mut claims.aud, Aud::read(value)),
                "exp" => set(&mut claims.exp, date(value)),
                "nbf" => set(&mut claims.nbf, date(value)),
                _ => set(&mut claims.iat, date(value)),
            };
            if known.is_none() {
                invalid.get_or_insert(name);
            }
        });
        claims.object = object.map_err(Error::NotClaims)?;
        match invalid {
            Some(name) => Err(Error::claim(name, Reason::Invalid)),
            None => Ok(claims),
        }
    }
}

/// The claim that a member's name is, in whatever spelling.
fn registered(name: Str<'_>) -> Option<&'static str> {
    const NAMES: [&str; 8] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf"];
    // Each name has three letters, and with one of them escaped eight characters or more.
    match name.raw().len() {
        3 => NAMES.into_iter().find(|known| name.raw() == *known),
        0..8 => None,
        _ => NAMES.into_iter().find(|known| name == *known),
    }
}

fn set<T>(claim: &mut Option<T>, value: Option<T>) -> Option<()> {
    *claim = value;
    claim.as_ref().map(|_| ())
}

fn date(value: Value<'_>) -> Option<NumericDate> {
    NumericDate::parse(value.as_number()?)
}
