#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What the processor can do, and the operating system lets it.
///
/// Linux lists a feature whose registers it doesn't save as little as one that the processor lacks.
enum ProcessorFeatures {
  /// The features, in the names that Linux gives them; none where they can't be found out.
  static var current: Set<String> {
    #if !arch(x86_64)
      return []
    #elseif canImport(Darwin)
      let names = [
        "avx2": "hw.optional.avx2_0", "fma": "hw.optional.fma",
        "avx512f": "hw.optional.avx512f", "avx512vl": "hw.optional.avx512vl",
        "avx512bw": "hw.optional.avx512bw", "avx512dq": "hw.optional.avx512dq",
      ]
      return Set(names.filter { isSet($0.value) }.keys)
    #else
      return flags(ofListing: start(ofFile: "/proc/cpuinfo", count: 1 << 14))
    #endif
  }

  /// The value of an environment variable.
  static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// The words of the first line of a listing that is called flags.
  static func flags(ofListing listing: String) -> Set<String> {
    let line = listing.split(separator: "\n").first { $0.hasPrefix("flags") }
    return Set(line?.split { $0 == " " || $0 == "\t" || $0 == ":" }.map(String.init) ?? [])
  }

  #if canImport(Darwin)
    private static func isSet(_ name: String) -> Bool {
      var (value, size): (Int32, Int) = (0, MemoryLayout<Int32>.size)
      return sysctlbyname(name, &value, &size, nil, 0) == 0 && value != 0
    }
  #else
    /// The first bytes of a file; none where it can't be read.
    private static func start(ofFile path: String, count: Int) -> String {
      guard let file = fopen(path, "r") else { return "" }
      defer { fclose(file) }
      let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
        read = fread(buffer.baseAddress, 1, count, file)
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  #endif
}
