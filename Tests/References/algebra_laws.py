"""The laws of Rules/monoid, comonoid, bialgebra and hopf in Sweedler's Hopf algebra.

It has the basis 1, g, x, gx with gg = 1, xx = 0 and xg = -gx, and is neither commutative nor
cocommutative, so that a law with its inputs or outputs in the wrong order fails.
"""

import numpy as np

E, G, X, GX = range(4)


def tensor(shape, entries):
    result = np.zeros(shape)
    for place, value in entries.items():
        result[place] = value
    return result


MUL = tensor((4, 4, 4), {
    (E, E, E): 1, (E, G, G): 1, (E, X, X): 1, (E, GX, GX): 1,
    (G, E, G): 1, (G, G, E): 1, (G, X, GX): 1, (G, GX, X): 1,
    (X, E, X): 1, (X, G, GX): -1, (GX, E, GX): 1, (GX, G, X): -1,
})
COMUL = tensor((4, 4, 4), {
    (E, E, E): 1, (G, G, G): 1,
    (X, X, E): 1, (X, G, X): 1, (GX, GX, G): 1, (GX, E, GX): 1,
})
UNIT = tensor(4, {E: 1})
COUNIT = tensor(4, {E: 1, G: 1})
ANTIPODE = tensor((4, 4), {(E, E): 1, (G, G): 1, (X, GX): -1, (GX, X): 1})
ID = np.eye(4)


def sides(left, right):
    """Two contractions: einsum's subscripts, then its arrays."""
    return np.einsum(*left), np.einsum(*right)


IDENTITY = ("ab->ab", ID)
ASSOCIATIVE = sides(("abx,xcd->abcd", MUL, MUL), ("bcx,axd->abcd", MUL, MUL))
UNIT_LEFT = sides(("x,xab->ab", UNIT, MUL), IDENTITY)
UNIT_RIGHT = sides(("x,axb->ab", UNIT, MUL), IDENTITY)
COASSOCIATIVE = sides(("axd,xbc->abcd", COMUL, COMUL), ("abx,xcd->abcd", COMUL, COMUL))
COUNIT_LEFT = sides(("axb,x->ab", COMUL, COUNIT), IDENTITY)
COUNIT_RIGHT = sides(("abx,x->ab", COMUL, COUNIT), IDENTITY)
COUNIT_UNIT = ("a,b->ab", COUNIT, UNIT)

LAWS = {
    "monoid.assoc": ASSOCIATIVE,
    "monoid.unit_left": UNIT_LEFT,
    "monoid.unit_right": UNIT_RIGHT,
    "comonoid.coassoc": COASSOCIATIVE,
    "comonoid.counit_left": COUNIT_LEFT,
    "comonoid.counit_right": COUNIT_RIGHT,
    "bialgebra.mul_assoc": ASSOCIATIVE,
    "bialgebra.mul_unit_left": UNIT_LEFT,
    "bialgebra.mul_unit_right": UNIT_RIGHT,
    "bialgebra.comul_coassoc": COASSOCIATIVE,
    "bialgebra.comul_counit_left": COUNIT_LEFT,
    "bialgebra.comul_counit_right": COUNIT_RIGHT,
    "bialgebra.bialgebra": sides(
        ("abx,xcd->abcd", MUL, COMUL),
        ("apq,brs,prc,qsd->abcd", COMUL, COMUL, MUL, MUL),
    ),
    "bialgebra.unit_comul": sides(("x,xab->ab", UNIT, COMUL), ("a,b->ab", UNIT, UNIT)),
    "bialgebra.mul_counit": sides(("abx,x->ab", MUL, COUNIT), ("a,b->ab", COUNIT, COUNIT)),
    "bialgebra.unit_counit": sides(("x,x->", UNIT, COUNIT), ("->", np.ones(()))),
    "hopf.antipode_left": sides(("apq,pr,rqb->ab", COMUL, ANTIPODE, MUL), COUNIT_UNIT),
    "hopf.antipode_right": sides(("apq,qr,prb->ab", COMUL, ANTIPODE, MUL), COUNIT_UNIT),
}
