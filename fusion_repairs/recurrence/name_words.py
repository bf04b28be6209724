"""Words around names, in small letters and without accents: titles, suffixes, notes."""


def _read(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Before a name: titles and forms of address.
HONORIFICS = _read(
    """
    abbe brother capt captain chief col colonel cpl dame docteur doctor dr dre drs
    elder father fr frere gen hon imam judge lady lord lt m madam madame
    mademoiselle maj me miss mister mlle mlles mm mme mmes monsieur mr mrs ms mx
    pastor pere pr pre prof professor rabbi rev reverend sgt sir sister soeur the
    veuve vve
    """
)

# After a name: degrees, professions, what somebody is to the client.
SUFFIXES = _read(
    """
    agent aidant aidante attorney ba brother bsc ca caregiver cd cga client cm cma
    cpa curateur daughter dc dds dmd epouse epoux esq executeur executor executrice
    executrix father fille fils frere guardian husband ii iii inf ing iv jd jr
    junior kc llb lpn ma mandataire mba md mere mother msc msw nephew new niece np
    oc old om ot owner patient peng pere pgt phd poa psw pt qc resident ret retired
    retraite retraitee rmt rn rpn rsw senior sister soeur son spouse sr tenant
    trustee tuteur tutrice widow widower wife
    """
)

# Before a surname, which may then have more than one word: "Van Dyke, Mary".
PARTICLES = _read(
    """
    al ben bin da dal de del della den der des di do dos du el ibn la le les mac mc
    o saint sainte san santa st ste ten ter van von zu
    """
)

# A name with one of these is nobody's own, whoever reads it.
NOBODY = _read(
    """
    and anonymous association attn care cash center centre church client cliente
    clinic corp customer enr estate estates et families famille familles family
    group home homes hopital hospital household inc inconnu inconnue limited llc ltd
    ltee menage na none occupant or ou owners patient residence resident residente
    residents services succ succession tenants test trust trustees unknown walkin
    """
)
