package console_test

// wordsMatrix is who may do what with translations and with what nobody knows yet.
func wordsMatrix() map[string]string {
	const keepers = "admin editor"
	return map[string]string{
		"GET /console/words": everyone, "GET /console/words/text": everyone, "POST /console/words/confirm": keepers,
		"GET /console/words/export": keepers, "GET /console/words/import": keepers, "POST /console/words/import": keepers,
		"GET /console/gaps": everyone, "GET /console/gaps/one": keepers, "POST /console/gaps/one": keepers, "POST /console/gaps/again": keepers,
	}
}
