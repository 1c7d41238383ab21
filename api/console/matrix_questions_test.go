package console_test

// questionsMatrix is who may do what to make the assistant better.
func questionsMatrix() map[string]string {
	const see, keepers = "admin editor operator", "admin editor"
	return map[string]string{
		"GET /console/questions": see, "GET /console/questions/:id": see,
		"POST /console/questions/:id/name": keepers, "POST /console/questions/:id/variant": keepers, "POST /console/questions/:id/entry": keepers,
		"POST /console/questions/:id/settle": keepers, "POST /console/questions/:id/undo": keepers,
		"GET /console/lexicon": everyone, "GET /console/lexicon/edit": keepers, "POST /console/lexicon/edit": keepers, "GET /console/lexicon/export": keepers,
		"GET /console/lexicon/import": keepers, "POST /console/lexicon/import": keepers,
		"GET /console/tests": see, "GET /console/tests/edit": keepers, "POST /console/tests/edit": keepers, "POST /console/tests/remove": keepers,
		"POST /console/tests/run": keepers, "GET /console/tests/runs/:id": see, "GET /console/tests/export": keepers, "GET /console/tests/import": keepers, "POST /console/tests/import": keepers,
		"GET /console/monthly": see, "GET /console/monthly/:month": see, "POST /console/monthly/:month": keepers,
		"GET /console/questions-settings": "admin", "POST /console/questions-settings": "admin",
	}
}
