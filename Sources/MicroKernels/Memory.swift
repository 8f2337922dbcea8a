/// Loads and stores of vectors at any address.
@usableFromInline
enum Memory {
  @inlinable @inline(__always)
  static func load<Vector: BitwiseCopyable>(_ pointer: UnsafeRawPointer) -> Vector {
    pointer.loadUnaligned(as: Vector.self)
  }

  @inlinable @inline(__always)
  static func store<Vector: BitwiseCopyable>(
    _ vector: Vector, _ pointer: UnsafeMutableRawPointer
  ) {
    pointer.storeBytes(of: vector, as: Vector.self)
  }
}
