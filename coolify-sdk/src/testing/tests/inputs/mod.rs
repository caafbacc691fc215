//! Inputs and what real servers make of them. The verdicts come from the rules and the PHP
//! of 4.3.11, and of the older versions where they differ; PHP is version 8.4.

mod addresses;
mod characters;
mod findings;
mod keys;
mod rules;
mod texts;
mod urls;
mod values;
