package console_test

// peopleMatrix is who may do what with accounts, sessions and the record of deeds.
func peopleMatrix() map[string]string {
	return map[string]string{
		"GET /console/sign-in": "everybody", "POST /console/sign-in": "everybody",
		"POST /console/sign-out": everyone, "GET /console/password": everyone, "POST /console/password": everyone,
		"GET /console/users": "admin auditor", "POST /console/users": "admin", "POST /console/users/:name/revoke": "admin", "POST /console/users/:name/disable": "admin",
		"POST /console/users/:name/enable": "admin", "POST /console/users/:name/password": "admin",
		"GET /console/audit": "admin auditor",
	}
}
