"""The CrossGuard policy pack. The engine runs this folder as it is; preflight imports it as a package."""
