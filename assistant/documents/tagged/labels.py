"""The labels that databases write in front of a field, and the tag that stands for each."""

from __future__ import annotations

from assistant.documents.tagged.values import meaning

_LABELS = {
    "title": "title/articletitle/documenttitle/papertitle/englishtitle/ti",
    "abstract": "abstract/abstracttext/englishabstract/summary/ab",
    "fullauthors": "authorsfullname/authorfullname/authorfullnames/fullauthornames",
    "authors": "author/authors/authorname/authornames/creator/creators/au",
    "source": "source/publicationinfo/publicationinformation/citation/so",
    "journal": "journal/journaltitle/journalname/publicationtitle/sourcetitle/publication/jn",
    "date": "date/publicationdate/dateofpublication/datepublished/pubdate/pubtime/dp/pd",
    "year": "year/publicationyear/yearofpublication/yr/py",
    "doi": "doi/doinumber/digitalobjectidentifier/di",
    "pmid": "pmid/pubmedid/medlinepmid/pm",
    "accession": "uniqueidentifier/accessionnumber/accession/ui/an",
    "database": "database/databasename/sourcedatabase/srcdatabase/databaseprovider/nameofdatabase/db/dn",
    "url": "url/link/documenturl/permanentlink/persistentlink/permalink/linktotheovidfulltextorcitation/us",
    "authorkeywords": "authorkeyword/authorkeywords/keywords/keyword/keyconcepts/kw/ky",
    "subjects": "keywordheading/keywordheadings/identifierkeyword/identifier/identifiers/descriptor/descriptors/subject/"
    "subjects/subjectterms/subjectheadings/indexterms/meshsubjectheadings/meshheadings/meshterms/emtreeterms/"
    "emtreedrugindexterms/emtreemedicalindexterms/thesaurusterms/majordescriptors/su/mh/de",
    "language": "language/languages/articlelanguage/languageofpublication/languageofarticle/languageofdocument/originallanguage/lg/la",
    "type": "publicationtype/referencetype/documenttype/itemtype/articletype/typeofpublication/pt/dt",
    "status": "status",
    # Fields that end the one before them and of which nothing is kept.
    "other": "address/abstractor/abstractlimits/acknowledgements/addressofcorrespondence/affiliation/affiliations/annotation/"
    "authoraddress/authoraddresses/authoraffiliation/authoraffiliations/authoremail/authoridentifier/availability/"
    "casregistrynumber/casregistrynumbers/chaptertitle/citedreferences/classification/classificationcode/clinicaltrialnumber/"
    "coden/comments/company/conferencedate/conferencelocation/conferencename/copyright/correspondence/correspondenceaddress/"
    "correspondingauthor/countryofauthor/countryofpublication/createdate/dateadded/databasecopyright/documentfeature/edition/"
    "editor/editors/eissn/electronicissn/emtreedrugindex/endpage/entrydate/entryweek/ericnumber/fieldofstudy/firstpage/"
    "formatcovered/fulltext/fulltextavailability/funding/fundingsponsor/grantinformation/image/indexingstatus/institution/"
    "institutions/isbn/issn/issnelectronic/issnlinking/issnprint/issue/issuepart/isbnissn/isprinted/journalabbreviation/journalsubset/"
    "lastupdated/lastpage/links/locationid/location/major/majorheading/methodology/minordescriptors/nlmjournalcode/notes/"
    "numberofpages/numberofreferences/orcid/organ/originaltitle/otherabstract/otherid/page/pagecount/pages/pagination/peerreviewed/period/"
    "pii/placeofpublication/pmcid/population/printissn/proquestdocumentid/publicationhistory/publicationstatus/"
    "publicationcountry/publicationsubject/publisher/publisherinfo/publisherinformation/publishername/recordnumber/recordowner/references/"
    "releasedate/reportnumber/rights/score/section/series/sourceattribution/sourcetype/sponsor/sponsoringagency/startpage/"
    "supplementaryinformation/tableofcontents/testsandmeasures/updatecode/updatedate/volume/volumeissue/weburl/"
    "ad/cc/cn/cr/cy/ed/er/ib/id/in/ip/is/jc/nt/od/pb/pg/pl/pu/sb/sn/st/tn/vi/vl/xr",
}
TAG_OF_LABEL = {label: tag for tag, labels in _LABELS.items() for label in labels.split("/")}
"""The tag of a label, which is written in lower case and without anything but letters."""
_ENDNOTE = {
    "journal": "booktitle/conferencename/secondarytitle/magazine/newspaper",
    "authors": "inventor",
    "doi": "electronicresourcenumber",
    "other": "abbreviation/academicdepartment/accessdate/addedtolibrary/advisor/alternatejournal/alternatetitle/articlenumber/"
    "assignee/callnumber/caption/city/contents/country/custom/dateaccessed/degree/description/epubdate/figure/fileattachments/label/"
    "lastmodifieddate/legalnote/linktopdf/nihmsid/note/numberofvolumes/originalpublication/packagingmethod/patentnumber/"
    "placepublished/rating/readstatus/reprintedition/researchnotes/revieweditem/secondaryauthor/serieseditor/seriestitle/"
    "seriesvolume/shorttitle/subsidiaryauthor/tertiaryauthor/tertiarytitle/thesistype/translatedauthor/translatedtitle/"
    "typeofarticle/typeofmedium/typeofwork/university/yearofconference/yearofcoverdate",
}
ENDNOTE_LABELS = TAG_OF_LABEL | {label: tag for tag, labels in _ENDNOTE.items() for label in labels.split("/")}
"""With the labels that only EndNote's records have; elsewhere some of them are words of an abstract."""

MEANING = meaning(
    {
        "title": "title",
        "abstract": "abstract",
        "authors": "fullauthors authors",
        "dates": "year date",
        "otherdates": "status",
        "doi": "doi",
        "identifiers": "source accession",
        "pmid": "pmid",
        "accession": "accession",
        "database": "database",
        "url": "url",
        "journal": "journal",
        "source": "source",
        "note": "accession source",
        "keywords": "authorkeywords subjects",
        "language": "language",
        "publicationtype": "type",
    },
    line_items="fullauthors authors authorkeywords subjects url",
)
