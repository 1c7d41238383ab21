package policy

import "mashang/aid/place"

// ProgrammeTemplate is the header of a sheet that ImportProgrammes reads.
func ProgrammeTemplate() []string {
	return place.Header(programmeColumns, "id", "order", "name", "name_hant", "name_en", "alias", "department", "summary", "summary_hant", "summary_en", "situations", "apply", "office", "updated")
}

// StandardTemplate is the header of a sheet that ImportStandards reads.
func StandardTemplate() []string {
	return place.Header(standardColumns, "id", "programme", "variant", "label", "label_hant", "label_en", "place", "amount", "none", "unit", "unit_text", "unit_text_hant", "unit_text_en", "from", "to", "document", "note", "note_hant", "note_en", "formula_of", "formula_times", "formula_round")
}

// EntryTemplate is the header of a sheet that ImportEntries reads.
func EntryTemplate() []string {
	return place.Header(entryColumns, "id", "programme", "aspect", "place", "question", "question_hant", "question_en", "others", "answer", "answer_hant", "answer_en", "document", "article", "quote", "vetted", "updated")
}
