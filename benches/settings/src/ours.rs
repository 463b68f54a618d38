use fuelbox::{Error, Limits, Module, Sandbox};

pub struct Host {
    module: Module,
    sandbox: Sandbox,
}

impl Host {
    /// None where fuelbox refuses to run in this build.
    pub fn new(wasm: &[u8]) -> Option<Self> {
        let host = Self {
            module: Module::new(wasm).expect("the guest is valid"),
            sandbox: Sandbox::new(Limits::default().memory_bytes(64 << 20)),
        };
        match host.sandbox.start(&host.module, "") {
            Err(Error::UnsafeBuild { .. }) => None,
            started => started.map(|_| host).ok(),
        }
    }

    pub fn run(&self) {
        let report = self.sandbox.run(&self.module, "").expect("it starts");
        assert_eq!(report.status(), Some(0));
    }
}
