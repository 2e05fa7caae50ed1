//! Tells the linker that Node brings the symbols of Node-API itself.

fn main() {
    napi_build::setup();
}
