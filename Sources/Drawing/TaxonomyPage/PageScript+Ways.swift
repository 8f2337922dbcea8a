extension PageScript {
  /// Ways between mechanisms, and the relations that they show.
  static let ways = #"""
    // Ways between mechanisms. A way has the relation of its steps one after the other; of all ways the strongest
    // relation is looked for, and of those with it a shortest one.
    const leaving = data.mechanisms.map(() => []);
    data.steps.forEach((step, number) => {
      leaving[step.source].push({ step: number, from: step.source, to: step.target, relation: step.relation });
      leaving[step.target].push({ step: number, from: step.target, to: step.source, relation: data.relations[step.relation].reversed });
    });

    // A shortest way each of whose moves implies a relation; null when there is none.
    function shortest(from, to, claim) {
      const came = new Map([[from, null]]);
      let front = [from];
      while (front.length > 0 && !came.has(to)) {
        const next = [];
        for (const here of front) {
          for (const move of leaving[here]) {
            if (came.has(move.to) || !data.relations[move.relation].implies.includes(claim)) continue;
            came.set(move.to, move);
            next.push(move.to);
          }
        }
        front = next;
      }
      if (!came.has(to)) return null;
      const moves = [];
      for (let move = came.get(to); move; move = came.get(move.from)) moves.push(move);
      return moves.reverse();
    }

    function relationOf(moves) {
      return moves.reduce((all, move) => data.relations[all].then[move.relation], "==");
    }

    function strongest(from, to) {
      for (const claim of ["==", "~=", ">=", "<=", "<>"]) {
        const moves = shortest(from, to, claim);
        if (moves) return { moves: moves, relation: relationOf(moves) };
      }
      return null;
    }
    """#
}
