package console_test

// editMatrix is who may do what in the room where content is written.
func editMatrix() map[string]string {
	const see, edit = "admin editor publisher operator town-officer helper auditor", "admin editor"
	return map[string]string{
		"GET /console/answers":        see,
		"GET /console/edit":           edit,
		"GET /console/edit/new/:kind": edit, "POST /console/edit/new/:kind": edit,
		"GET /console/edit/:kind/:id": edit, "POST /console/edit/:kind/:id": edit,
		"GET /console/edit/:kind/:id/part/:part": edit, "POST /console/edit/:kind/:id/part/:part": edit,
		"GET /console/edit/:kind/:id/cite/:part/:n": edit, "POST /console/edit/:kind/:id/cite/:part/:n": edit,
		"POST /console/edit/:kind/:id/renew": edit, "POST /console/edit/:kind/:id/take": edit,
		"GET /console/edit/:kind/:id/discard": edit, "POST /console/edit/:kind/:id/discard": edit,
		"GET /console/edit/:kind/:id/remove": edit, "POST /console/edit/:kind/:id/remove": edit,
		"GET /console/edit/:kind/:id/versions": see, "GET /console/edit/:kind/:id/preview": see,
	}
}
