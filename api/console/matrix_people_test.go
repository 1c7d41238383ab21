package console_test

// peopleMatrix is who may do what with accounts, sessions and the record of deeds.
func peopleMatrix() map[string]string {
	m := map[string]string{
		"GET /console/sign-in": "everybody", "POST /console/sign-in": "everybody",
		"GET /console/sign-in/code": "everybody", "POST /console/sign-in/code": "everybody",
		"GET /console/sign-in/provider": "everybody", "GET /console/sign-in/back": "everybody",
		"POST /console/sign-out": everyone, "GET /console/prove": everyone, "POST /console/prove": everyone,
		"GET /console/password": everyone, "POST /console/password": everyone,
		"GET /console/me": everyone, "POST /console/me/sessions/others": everyone, "POST /console/me/session/:id/end": everyone,
		"GET /console/me/code": everyone, "POST /console/me/code": everyone, "GET /console/me/code/off": everyone, "POST /console/me/code/off": everyone,
		"GET /console/me/recovery": everyone, "POST /console/me/recovery": everyone,

		"GET /console/users": "admin auditor", "GET /console/users/:name": "admin auditor", "GET /console/roles": "admin auditor",
		"POST /console/roles": "admin", "GET /console/new-user": "admin", "POST /console/new-user": "admin",
		"GET /console/users/:name/edit": "admin", "POST /console/users/:name/edit": "admin", "POST /console/users/:name/session/:id/end": "admin",
		"GET /console/audit": "admin auditor",
	}
	for _, deed := range []string{"password", "code-reset", "unbind", "revoke", "disable", "enable"} {
		m["GET /console/users/:name/"+deed], m["POST /console/users/:name/"+deed] = "admin", "admin"
	}
	return m
}
