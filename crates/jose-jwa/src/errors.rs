//! The macro that turns rows into an error type.

/// Defines an error enum from its rows: a variant with its documentation, the stable code, and the message.
///
/// A message is a format string with the variant's fields in scope. `from FIELD` before the arrow names the field that
/// [`source`](core::error::Error::source) returns. `[CFG]` in front of a row puts it behind a `cfg`.
#[doc(hidden)]
#[macro_export]
macro_rules! errors {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $(
                $([$cfg:meta])?
                $(#[doc = $doc:literal])+
                $variant:ident
                $(( $($tuple:ident: $tuple_type:ty),+ ))?
                $({ $( $(#[doc = $field_doc:literal])+ $field:ident: $field_type:ty ),+ $(,)? })?
                $(from $source:ident)?
                => $code:expr, $format:literal $(, $argument:expr)*;
            )+
        }
    ) => {
        $(#[$meta])*
        $vis enum $name {
            $(
                $(#[cfg($cfg)])?
                $(#[doc = $doc])+
                $variant
                $(( $($tuple_type),+ ))?
                $({ $( $(#[doc = $field_doc])+ $field: $field_type ),+ })?,
            )+
        }

        impl $name {
            /// The variants in order: name, code (an expression where the code is that of another error), documentation.
            #[doc(hidden)]
            pub const ROWS: &'static [(&'static str, &'static str, &'static str)] = &[
                $( $(#[cfg($cfg)])? (stringify!($variant), stringify!($code), concat!($($doc, "\n"),+)), )+
            ];

            /// A stable name for the kind of error, in kebab-case.
            #[must_use]
            #[allow(unused_variables, reason = "not every code depends on the fields")]
            pub fn code(&self) -> &'static str {
                match self {
                    $( $(#[cfg($cfg)])? Self::$variant $(( $($tuple),+ ))? $({ $($field),+ })? => $code, )+
                }
            }
        }

        impl core::fmt::Display for $name {
            #[allow(unused_variables, reason = "not every message shows all fields")]
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                match self {
                    $(
                        $(#[cfg($cfg)])?
                        Self::$variant $(( $($tuple),+ ))? $({ $($field),+ })? => write!(f, $format $(, $argument)*),
                    )+
                }
            }
        }

        impl core::error::Error for $name {
            #[allow(unused_variables, unreachable_code, reason = "rows without a source")]
            fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
                match self {
                    $(
                        $(#[cfg($cfg)])?
                        Self::$variant $(( $($tuple),+ ))? $({ $($field),+ })? => {
                            $( return Some($source); )?
                            None
                        }
                    )+
                }
            }
        }
    };
}
