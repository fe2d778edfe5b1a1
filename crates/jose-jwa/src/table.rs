//! The macro that turns the rows of a registry into an enum, and the column that all registries share.

/// Makes an identifier type from its registry: one row an identifier.
///
/// A row is the variant, the registered name, where it is defined, and after `=` the value of the row type,
/// whose fields are the type's properties. A table of bare names leaves the row type and the values out.
macro_rules! identifiers {
    (
        $(#[$meta:meta])*
        enum $name:ident $label:literal;
        $( $variant:ident $text:literal $source:literal; )+
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", $text, "`, ", $source, ".")]
                $variant,
            )+
        }

        impl $name {
            /// Every identifier of this type, in the order of their declaration, which is that of `Ord`.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The registered name.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// The identifier of this exact registered name; `None` for any other text.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// Like [`from_name`](Self::from_name), for a string of a JSON text, in whatever spelling.
            pub fn from_json_str(name: jose_b64::json::Str<'_>) -> Option<Self> {
                match name.as_plain() {
                    Some(plain) => Self::from_name(plain),
                    None => Self::ALL.iter().copied().find(|known| name == known.as_str()),
                }
            }

            /// The set of the listed identifiers, for constants; see also [`AlgSet::of`](crate::AlgSet::of).
            pub const fn set(list: &[Self]) -> crate::AlgSet<Self> {
                let mut set = crate::AlgSet::EMPTY;
                let mut rest = list;
                while let [first, tail @ ..] = rest {
                    set = set.with_index(first.ordinal());
                    rest = tail;
                }
                set
            }

            #[expect(clippy::as_conversions, reason = "no other way to a discriminant is const")]
            const fn ordinal(self) -> u32 {
                self as u32
            }
        }

        impl crate::set::sealed::Sealed for $name {}

        impl crate::Identifier for $name {
            const ALL: &'static [Self] = Self::ALL;

            fn index(self) -> u32 {
                self.ordinal()
            }
        }

        // Each identifier has its bit.
        const _: () = assert!($name::ALL.len() <= crate::set::CAPACITY);

        impl core::str::FromStr for $name {
            type Err = crate::UnknownName;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                Self::from_name(name).ok_or(crate::UnknownName { registry: $label })
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::name::deserialize(deserializer, Self::from_name, concat!("the name of a ", $label))
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
    (
        $(#[$meta:meta])*
        enum $name:ident $label:literal: $row:ident {
            $( $(#[$property_meta:meta])* $property:ident: $type:ty, )+
        }
        $( $variant:ident $text:literal $source:literal = $value:expr; )+
    ) => {
        identifiers! {
            $(#[$meta])*
            enum $name $label;
            $( $variant $text $source; )+
        }

        struct $row {
            $($property: $type,)+
        }

        impl $name {
            const fn row(self) -> $row {
                match self {
                    $(Self::$variant => $value,)+
                }
            }

            $(
                $(#[$property_meta])*
                pub const fn $property(self) -> $type {
                    self.row().$property
                }
            )+
        }
    };
}

pub(crate) use identifiers;

identifiers! {
    /// What the IANA registries ask of implementations, RFC 7518 section 7.1.1, the strongest demand first.
    ///
    /// A property of the registry. It allows and forbids nothing here.
    enum Status "implementation requirement";
    Required         "Required"     "RFC 7518 section 7.1.1";
    RecommendedPlus  "Recommended+" "RFC 7518 section 7.1.1: the demand is likely to grow";
    Recommended      "Recommended"  "RFC 7518 section 7.1.1";
    RecommendedMinus "Recommended-" "RFC 7518 section 7.1.1: the demand is likely to shrink";
    Optional         "Optional"     "RFC 7518 section 7.1.1";
    Deprecated       "Deprecated"   "RFC 7518 section 7.1.1: not for new use";
    Prohibited       "Prohibited"   "RFC 7518 section 7.1.1: not to be used";
}
