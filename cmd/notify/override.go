package main

// Flags in the place of the configuration's options.

import "strings"

// override puts the flags in the place of options. Keys are the same in upper
// and lower case, as they are for Traefik.
func (c *command) override(values pluginConf) {
	for _, f := range optionFlags {
		text, given := c.options[f.flag]
		if !given {
			continue
		}
		for _, other := range f.excludes {
			if !c.gave(other) { // both given is for the plugin to refuse
				values.remove(other)
			}
		}
		values.remove(f.option)
		values[f.option] = text
	}
	if len(c.headers) > 0 {
		c.overrideHeaders(values)
	}
}

// overrideHeaders adds headers to those of the configuration. What is no map
// stays under its key, for decode to refuse.
func (c *command) overrideHeaders(values pluginConf) {
	key := values.key("headers")
	merged := map[string]interface{}{}
	old, isMap := values[key].(map[string]interface{})
	if values[key] != nil && !isMap {
		return
	}
	for name, value := range old {
		merged[name] = value
	}
	for _, line := range c.headers {
		name, value, _ := strings.Cut(line, ":")
		name = strings.TrimSpace(name)
		pluginConf(merged).remove(name)
		merged[name] = strings.TrimSpace(value)
	}
	values[key] = merged
}

// gave tells whether a flag stands for an option.
func (c *command) gave(option string) bool {
	for _, f := range optionFlags {
		_, given := c.options[f.flag]
		if f.option == option && given {
			return true
		}
	}
	return false
}
