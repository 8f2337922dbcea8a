// Empty for now; the module's first type replaces this file.
