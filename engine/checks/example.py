"""What the examples of checks may use without declaring it: they are read beside these texts.

What would be found in these texts themselves does not count.
"""

COMMON = """\
sources:
  S1: {title: The first article}
  S2: {title: The second article}
claims:
  S1-01: {source: S1, claim: Fever with back pain is a warning sign.}
  S1-02: {source: S1, claim: Weak legs are a warning sign.}
  S1-03: {source: S1, claim: A pain that lasts should be looked at.}
  S2-01: {source: S2, claim: Back pain with a fever can be an infection.}
  S2-02: {source: S2, claim: Lying down helps.}
questions:
  fever: {ask: Do you have a fever?, kind: yes_no}
  chills: {ask: Do you have chills?, kind: yes_no}
  weak_legs: {ask: Are your legs weak?, kind: yes_no}
  weakness_onset:
    ask: How fast did the weakness come?
    kind: choice
    options: {rapid: within hours, gradual: over days, long_ago: long ago}
    asked_when: {weak_legs: yes}
  strength:
    ask: How strong is the pain?
    kind: choice
    options: {mild: mild, moderate: moderate, severe: severe}
  eased_by:
    ask: What eases the pain?
    kind: choices
    options: {resting: resting, sitting: sitting down, bending: bending forward}
  weeks: {ask: For how many weeks has it hurt?, kind: number, unit: weeks, minimum: 0, maximum: 100}
findings:
  ill: signs of illness
  eased: a pain that something eases
conditions:
  infection: {text: an infection}
triage:
  see_doctor: {text: See a doctor}
  emergency: {text: Go to an emergency room}
advice_kinds:
  at_home: At home
advice:
  lie_down: {kind: at_home, text: Lie down.}
rules:
  common-ill:
    when: {fever: yes, strength: severe}
    then: [{finding: ill}, {triage: see_doctor}]
    because: A high temperature and great pain call for a doctor.
    claims: [S1-01]
  common-eased:
    when: {eased_by: [resting, sitting, bending]}
    then: [{finding: eased}, {give: lie_down}]
    because: What helps is worth doing.
    ours: true
  common-infection:
    when: {fever: yes, chills: yes}
    then: {condition: infection, support: typical}
    because: Shivering and a high temperature may come from germs.
    claims: [S2-01]
  common-emergency:
    when: {weak_legs: yes, weakness_onset: rapid}
    then: {triage: emergency}
    because: Legs that fail within hours cannot wait.
    claims: [S1-02]
"""

COMMON_CASES = """\
- id: all-of-it
  about: somebody with every sign there is
  answers:
    {fever: yes, chills: yes, strength: severe, weak_legs: yes, weakness_onset: rapid, eased_by: [resting]}
  expect: {findings: [ill, eased], advice: {given: [lie_down]}, triage: {level: emergency}}
- id: less-of-it
  about: somebody with great pain and a high temperature
  answers: {fever: yes, strength: severe, weak_legs: no}
  expect: {triage: {level: see_doctor}}
- id: nothing
  about: somebody who has nothing
  answers: {fever: no, chills: no, strength: mild, weak_legs: no, eased_by: [], weeks: 9}
  expect: {triage: {level: null}}
  expect_not: {fired: [common-ill, common-eased, common-infection, common-emergency]}
"""
