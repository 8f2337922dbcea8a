/// Why a search can't be gone on with from a checkpoint. The wording is `description`.
public enum CheckpointError: Error, Hashable, Sendable {
  /// The file doesn't begin as a checkpoint does.
  case noCheckpoint
  /// The file is of another version of the format.
  case version(String)
  /// The checkpoint is of a search from another diagram, by other rules, or with another identity.
  case otherSearch
  /// The file was cut off or changed: its last 32 bytes are not the hash of what stands before.
  case damaged
  /// The hash is right, and yet the file doesn't say what a search found.
  case inconsistent
}

extension CheckpointError: CustomStringConvertible {
  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .noCheckpoint:
      "this is not a checkpoint of a taxonomy; give the name of a file that is one, or of none"
    case .version(let found):
      "the checkpoint has the format '\(found)', and this program reads '\(TaxonomyCheckpoint.format)'; "
        + "remove it to begin anew"
    case .otherSearch:
      "the checkpoint is of another search: the diagram, the rules or --modulo differ; give those again, or "
        + "another file"
    case .damaged: "the checkpoint is damaged or cut off; remove it to begin anew"
    case .inconsistent: "the checkpoint doesn't hold what a search finds; remove it to begin anew"
    }
  }
}
