"""Made registry records of one made trial, in the form of each registry."""

from __future__ import annotations

import copy
import json
from typing import Any

CONTACT = "Dora Fabricant"
MAIL = "dora@lantern.example"
PHONE = "+44 20 7946 0958"
CONTACTS = (CONTACT, "Fabricant", MAIL, PHONE, "Wick Street 7")

STUDY: dict[str, Any] = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT00000001",
            "secondaryIdInfos": [{"id": "2019-000001-11"}, {"id": "LAMP-7"}, {"id": "NCT00000099"}],
            "briefTitle": "Early surgery for lantern disease",
            "officialTitle": "A randomised trial of early surgery in people with lantern disease",
            "acronym": "LAMP",
        },
        "statusModule": {
            "overallStatus": "COMPLETED",
            "startDateStruct": {"date": "2019-03", "type": "ACTUAL"},
            "completionDateStruct": {"date": "2021-06-30", "type": "ACTUAL"},
            "studyFirstSubmitDate": "2019-02-11",
        },
        "sponsorCollaboratorsModule": {
            "leadSponsor": {"name": "Lantern University Hospital", "class": "OTHER"},
            "responsibleParty": {"investigatorFullName": CONTACT},
        },
        "conditionsModule": {"conditions": ["Asthma"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE2", "PHASE3"],
            "designInfo": {
                "allocation": "RANDOMIZED",
                "interventionModel": "PARALLEL",
                "primaryPurpose": "TREATMENT",
                "maskingInfo": {"masking": "DOUBLE"},
            },
            "enrollmentInfo": {"count": 240, "type": "ACTUAL"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {"label": "Lumicillin", "type": "EXPERIMENTAL", "description": f"One wick a day; call {PHONE}"},
                {"label": "Placebo", "type": "PLACEBO_COMPARATOR"},
            ],
            "interventions": [{"type": "DRUG", "name": "Lumicillin"}],
        },
        "outcomesModule": {
            "primaryOutcomes": [{"measure": "Overall survival", "timeFrame": "2 years", "description": f"Ask {MAIL}"}],
            "secondaryOutcomes": [{"measure": "Brightness of the lantern", "timeFrame": "12 weeks"}],
        },
        "contactsLocationsModule": {
            "centralContacts": [{"name": CONTACT, "phone": PHONE, "email": MAIL}],
            "locations": [{"facility": "Wick Street 7"}],
        },
    },
    "resultsSection": {
        "outcomeMeasuresModule": {
            "outcomeMeasures": [
                {
                    "type": "PRIMARY",
                    "title": "Overall survival",
                    "timeFrame": "2 years",
                    "paramType": "COUNT_OF_PARTICIPANTS",
                    "unitOfMeasure": "Participants",
                    "groups": [{"id": "OG000", "title": "Lumicillin"}, {"id": "OG001", "title": "Placebo"}],
                    "denoms": [
                        {
                            "units": "Participants",
                            "counts": [{"groupId": "OG000", "value": "120"}, {"groupId": "OG001", "value": "118"}],
                        }
                    ],
                    "classes": [
                        {
                            "categories": [
                                {
                                    "measurements": [
                                        {"groupId": "OG000", "value": "90"},
                                        {"groupId": "OG001", "value": "70"},
                                    ]
                                }
                            ]
                        }
                    ],
                    "analyses": [
                        {
                            "groupIds": ["OG001", "OG000"],
                            "pValue": "<0.01",
                            "statisticalMethod": "Fisher Exact",
                            "paramType": "Risk Ratio (RR)",
                            "paramValue": "1.26",
                            "ciPctValue": "95",
                            "ciNumSides": "TWO_SIDED",
                            "ciLowerLimit": "1.06",
                            "ciUpperLimit": "1.51",
                        }
                    ],
                },
                {
                    "type": "SECONDARY",
                    "title": "Brightness of the lantern",
                    "timeFrame": "12 weeks",
                    "paramType": "MEAN",
                    "dispersionType": "STANDARD_DEVIATION",
                    "unitOfMeasure": "points",
                    "groups": [{"id": "OG000", "title": "Lumicillin"}, {"id": "OG001", "title": "Placebo"}],
                    "classes": [
                        {
                            "title": "Week 12",
                            "categories": [
                                {
                                    "measurements": [
                                        {"groupId": "OG000", "value": "7.50", "spread": "1.2"},
                                        {"groupId": "OG001", "value": "NA", "spread": "NA"},
                                    ]
                                }
                            ],
                        }
                    ],
                },
            ]
        },
        "moreInfoModule": {"pointOfContact": {"title": CONTACT, "email": MAIL, "phone": PHONE}},
    },
    "hasResults": True,
}

OLDER_XML = f"""<?xml version="1.0"?>
<clinical_study>
  <id_info><nct_id>NCT00000001</nct_id><secondary_id>2019-000001-11</secondary_id></id_info>
  <brief_title>Early surgery for lantern disease</brief_title><acronym>LAMP</acronym>
  <sponsors><lead_sponsor><agency>Lantern University Hospital</agency><agency_class>Other</agency_class></lead_sponsor>
  </sponsors>
  <overall_status>Completed</overall_status><start_date>March 2019</start_date>
  <completion_date type="Actual">June 30, 2021</completion_date><phase>Phase 2/Phase 3</phase>
  <study_type>Interventional</study_type>
  <study_design_info><allocation>Randomized</allocation>
  <masking>Double (Participant, Investigator)</masking></study_design_info>
  <primary_outcome><measure>Overall survival</measure><time_frame>2 years</time_frame></primary_outcome>
  <enrollment type="Actual">240</enrollment><condition>Asthma</condition>
  <arm_group><arm_group_label>Lumicillin</arm_group_label><arm_group_type>Experimental</arm_group_type></arm_group>
  <overall_contact><last_name>{CONTACT}</last_name><phone>{PHONE}</phone><email>{MAIL}</email></overall_contact>
  <study_first_submitted>February 11, 2019</study_first_submitted>
</clinical_study>
"""

ICTRP_XML = f"""<?xml version="1.0" encoding="UTF-8" ?><Trials_downloaded_from_ICTRP>
<Trial><TrialID>ChiCTR1900000001</TrialID><Public_title>Early surgery for lantern disease</Public_title>
<Primary_sponsor>{CONTACT}</Primary_sponsor><Date_registration>2019-02-11</Date_registration>
<Date_registration3>20190211</Date_registration3><Recruitment_Status>Recruiting</Recruitment_Status>
<Date_enrollement>01/03/2019</Date_enrollement><Target_size>Lumicillin:120;Placebo:120;</Target_size>
<Study_type>Interventional study</Study_type><Phase>3</Phase>
<Contact_Firstname>{CONTACT}</Contact_Firstname><Contact_Email>{MAIL}</Contact_Email><Contact_Tel>{PHONE}</Contact_Tel>
<Condition>Asthma</Condition><Intervention>Lumicillin:one wick a day;Placebo:none;</Intervention>
<Primary_outcome>Overall survival;Brightness;</Primary_outcome></Trial>
<Trial><TrialID>ACTRN12619000000001</TrialID><Public_title>Late surgery for lantern disease</Public_title>
<Target_size>60</Target_size>
<Study_design>Allocation: Randomized. Intervention model: Parallel Assignment. Masking: None (Open Label).
</Study_design>
</Trial></Trials_downloaded_from_ICTRP>
"""

ICTRP_CSV = """TrialID,Public title,Primary sponsor,Date registration,Date registration3,Target size,Primary outcome
ISRCTN00000010,"Early surgery, and late",Lantern University,11/02/2019,20190211,240,Overall survival
DRKS00000010,Late surgery,Lantern University,2019-02-11,20190211,,"Brightness; survival"
"""

ISRCTN = {
    "isrctn": "00000010",
    "trialDescription": {
        "title": "Early surgery for lantern disease",
        "acronym": "LAMP",
        "primaryOutcome": "Overall survival at 2 years",
    },
    "externalRefs": {"clinicalTrialsGovNumber": "NCT00000001", "secondaryNumbers": {"secondaryNumber": ["HTA 1"]}},
    "trialDesign": {"primaryStudyDesign": "Interventional", "overallEndDate": "2021-06-30T00:00:00.000Z"},
    "participants": {
        "targetEnrolment": "260",
        "totalFinalEnrolment": "240",
        "recruitmentStart": "2019-03-01T00:00:00.000Z",
        "trialCentres": {"trialCentre": [{"name": CONTACT, "address": "Wick Street 7"}]},
    },
}

EUCTR_TEXT = f"""This file contains full details on each clinical trial selected for download.

Summary
EudraCT Number: 2019-000001-11
Trial Status: Completed
Date on which this record was first entered in the EudraCT database: 2019-02-11

A. Protocol Information
A.2 EudraCT number: 2019-000001-11
A.3 Full title of the trial: A trial of early surgery in lantern disease
A.3 Full title of the trial (es): Un ensayo
A.5.2 US NCT (ClinicalTrials.gov registry) number: NCT00000001
B. Sponsor Information
B.1.1 Name of Sponsor: Lantern Pharma Ltd
B.5.2 Functional name of contact point: {CONTACT}
B.5.4 Telephone number: {PHONE}
B.5.6 E-mail: {MAIL}
E.5 End points
E.5.1 Primary end point(s): Overall survival
measured from the first wick
E.5.1.1 Timepoint(s) of evaluation of this end point: 2 years
E.7.3 Therapeutic confirmatory (Phase III): Yes
E.8.1.1 Randomised: Yes
F.4.2.2 In the whole clinical trial: 260

Summary
EudraCT Number: 2019-000001-11
A.2 EudraCT number: 2019-000001-11
A.3 Full title of the trial: The same trial in another country
"""

EUCTR_PAGE = """<!DOCTYPE html><html><body>
<table><tr><td>EudraCT Number:</td><td>2019-000001-11</td></tr></table>
<table><tr><td class="first">A.2</td><td class="second">EudraCT number</td><td class="third">2019-000001-11</td></tr>
<tr><td class="first">A.3</td><td class="second">Full title of the trial</td><td class="third">
<table><tr><td>A trial of early surgery</td></tr></table></td></tr>
<tr><td class="first">E.5.1</td><td class="second">Primary end point(s)</td><td class="third">Overall survival</td></tr>
</table></body></html>
"""

CTIS = {
    "ctNumber": "2023-500001-11-00",
    "startDateEU": "28/03/2023",
    "authorizedApplication": {
        "authorizedPartI": {
            "trialDetails": {
                "clinicalTrialIdentifiers": {
                    "fullTitle": "Early surgery for lantern disease",
                    "secondaryIdentifyingNumbers": {"nctNumber": {"number": "NCT00000002"}},
                },
                "trialInformation": {"endPoint": {"primaryEndPoints": [{"endPoint": "Overall survival"}]}},
            },
            "sponsors": [
                {
                    "organisation": {"name": "Lantern Pharma Ltd"},
                    "publicContacts": [{"functionalName": CONTACT, "functionalEmailAddress": MAIL}],
                }
            ],
        }
    },
}

CHICTR_PAGE = f"""<!DOCTYPE html><html><head><title>ChiCTR</title></head><body><table>
<tr><td class="left_title"><p class="cn">注册号：</p><p class="en">Registration number：</p></td>
<td>ChiCTR1900000001</td></tr>
<tr><td class="left_title"><p class="cn">注册时间：</p><p class="en">Date of Registration：</p></td>
<td>2019-02-11 00:00:00</td></tr>
<tr><td class="left_title"><p class="cn">注册题目：</p></td><td><p class="cn">灯笼病早期手术试验</p></td></tr>
<tr><td class="left_title"><p class="en">Public title：</p></td>
<td><p class="en">Early surgery for lantern disease</p></td></tr>
<tr><td><p class="cn">申请注册联系人：</p></td><td><p class="cn">方多拉</p></td></tr>
<tr><td><p class="en">Applicant telephone：</p></td><td>{PHONE}</td></tr>
<tr><td><p class="cn">干预措施：</p><p class="en">Interventions：</p></td><td><table>
<tr><td><p class="cn">组别：</p></td><td><p class="cn">手术组</p></td>
<td><p class="cn">样本量：</p></td><td>120</td></tr>
<tr><td><p class="en">Group：</p></td><td><p class="en">Surgery</p></td><td><p class="en">Sample size：</p></td></tr>
<tr><td><p class="cn">组别：</p></td><td><p class="cn">药物组</p></td>
<td><p class="cn">样本量：</p></td><td>118</td></tr>
<tr><td><p class="en">Group：</p></td><td><p class="en">Drugs</p></td><td><p class="en">Sample size：</p></td></tr>
</table></td></tr>
<tr><td><p class="cn">指标中文名：</p></td><td><p class="cn">总生存期</p></td>
<td><p class="cn">指标类型：</p></td><td><p class="cn">主要指标</p></td></tr>
<tr><td><p class="en">Outcome：</p></td><td><p class="en">Overall survival</p></td>
<td><p class="en">Type：</p></td><td><p class="en">Primary indicator</p></td></tr>
<tr><td><p class="cn">测量时间点：</p></td><td><p class="cn">2年</p></td></tr>
</table></body></html>
"""

FORMS: dict[str, str] = {
    "ctgov.json": json.dumps(STUDY),
    "ctgov-list.json": json.dumps({"studies": [STUDY], "nextPageToken": "x"}),
    "ctgov.xml": OLDER_XML,
    "ictrp.xml": ICTRP_XML,
    "ictrp.csv": ICTRP_CSV,
    "isrctn.json": json.dumps(ISRCTN),
    "euctr.txt": EUCTR_TEXT,
    "euctr.html": EUCTR_PAGE,
    "ctis.json": json.dumps(CTIS),
    "chictr.html": CHICTR_PAGE,
}


def study(number: str = "NCT00000001", **modules: dict[str, Any]) -> dict[str, Any]:
    """The made study under another number, with these modules of its protocol replaced."""
    made = copy.deepcopy(STUDY)
    made["protocolSection"]["identificationModule"]["nctId"] = number
    for name, module in modules.items():
        made["protocolSection"][name] = {**made["protocolSection"].get(name, {}), **module}
    return made
