// Command mashang is the portal a county hangs on its walls (码上通).
package main

func main() {}
