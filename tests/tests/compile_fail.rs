//! Fields that an endpoint does not accept do not compile.

#[test]
fn fields_that_an_endpoint_does_not_take_do_not_exist() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
